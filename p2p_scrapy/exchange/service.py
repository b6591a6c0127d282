"""What stands behind the paths of the exchange: a world, or recordings."""

from typing import Protocol

from p2p_scrapy.exchange.query import SearchQuery


class Service(Protocol):
    """Answers each request with the body of a 200; raises BusinessError to refuse one."""

    def summary(self) -> str:
        """What there is to search, in a few words."""
        ...

    def search(self, query: SearchQuery) -> bytes:
        """A page of a market."""
        ...

    def fiat_list(self) -> bytes:
        """The currencies."""
        ...

    def portal_config(self, fiat: str) -> bytes:
        """The areas of a currency, and each area's assets a side."""
        ...

    def filter_conditions(self, fiat: str) -> bytes:
        """What a search in a currency can be narrowed by."""
        ...

    def profile(self, user_no: str) -> bytes:
        """An advertiser and all their ads."""
        ...
