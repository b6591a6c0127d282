"""The exchange's answers from a seeded world."""

from itertools import chain

from p2p_scrapy.exchange.envelope import IllegalParameterError, success
from p2p_scrapy.exchange.market import SIDES, currencies_of
from p2p_scrapy.exchange.page import EMPTY, page_of
from p2p_scrapy.exchange.portal import AssetsBySide, fiat_list, filter_conditions, portal_config
from p2p_scrapy.exchange.profile import profile
from p2p_scrapy.exchange.query import SearchQuery
from p2p_scrapy.exchange.world import World


class WorldService:
    """Answers from the books as they are at the moment."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._currencies = currencies_of(book.market for book in world.books.values())

    def summary(self) -> str:
        """How many currencies, assets, sides, markets and ads there are."""
        fiats, assets, sides = (len(set(codes)) for codes in zip(*self.world.books, strict=True))
        scope = f"{fiats} fiats × {assets} assets × {sides} sides"  # noqa: RUF001  as it is written
        return f"{scope}, {len(self.world.books):,} markets, {len(self.world.ads):,} ads"

    def search(self, query: SearchQuery) -> bytes:
        """A page of a market; an unknown market is empty."""
        book = self.world.books.get(query.market)
        return page_of(book, query) if book else EMPTY

    def fiat_list(self) -> bytes:
        """The currencies that have markets."""
        return success(fiat_list(self._currencies))

    def portal_config(self, fiat: str) -> bytes:
        """The areas of a currency; an unknown one's trade nothing."""
        return success(portal_config(fiat, self._assets(fiat)))

    def filter_conditions(self, fiat: str) -> bytes:
        """What a search in a currency can be narrowed by."""
        known = {currency.code: currency for currency in self._currencies}
        return success(filter_conditions(fiat, known.get(fiat)))

    def profile(self, user_no: str) -> bytes:
        """An advertiser and all their ads, those included that are only promoted.

        Raises:
            IllegalParameterError: there is no such advertiser with ads.
        """
        crowd = chain(self.world.ads, self.world.extras())
        ads = [ad for ad in crowd if ad.advertiser.user_no == user_no]
        if not ads:
            raise IllegalParameterError
        return success(profile(ads))

    def _assets(self, fiat: str) -> AssetsBySide:
        return {
            side: [key[1] for key in self.world.books if key[0] == fiat and key[2] == side]
            for side in SIDES
        }
