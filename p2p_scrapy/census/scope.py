"""What a run is asked to read: the whole market, fewer markets, or a sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from items import Market, Side
from p2p_scrapy import arguments, parsing
from p2p_scrapy.binance.queries import Filter
from p2p_scrapy.config import Config

EVERY_CLASS = frozenset(Filter().classifies)

_PUBLISHERS = ("merchant", "user")


def _publisher(text: str) -> str:
    if text.lower() not in _PUBLISHERS:
        raise ValueError(text)
    return text.lower()


_ARGUMENTS: arguments.Known = {
    "fiats": (parsing.currency_codes, "currency codes of three letters, e.g. VES,BOB"),
    "assets": (parsing.asset_codes, "asset codes, e.g. USDT,BTC"),
    "sides": (parsing.sides, "BUY, SELL, or BUY,SELL (the advertiser's side)"),
    "pay_types": (parsing.words, "payment method identifiers, e.g. Zinli,BANK"),
    "publisher_type": (_publisher, "merchant or user"),
    "max_pages": (parsing.whole(1, 1_000), "a whole number of pages from 1 to 1000"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Empty tuples mean all; ``pay_types`` and what follows make a sample."""

    fiats: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    pay_types: tuple[str, ...] = ()
    publisher_type: str | None = None
    max_pages: int | None = None
    classifies: tuple[str, ...] = Filter().classifies

    @classmethod
    def of_run(cls, config: Config, typed: Mapping[str, str]) -> Self:
        """The scope that settings give, narrowed by what was typed with -a.

        Raises:
            UsageError: an argument is unknown, or its value not allowed.
        """
        asked = arguments.read(typed, _ARGUMENTS)
        given = {name: value for name, value in asked.items() if value != ()}
        settings = {
            "fiats": config.fiats,
            "assets": config.assets,
            "sides": config.sides,
            "classifies": config.classifies,
        }
        return cls(**{**settings, **given})

    @property
    def filter(self) -> Filter:
        """How a search is narrowed."""
        return Filter(
            pay_types=self.pay_types,
            publisher_type=self.publisher_type,
            classifies=self.classifies,
        )

    @property
    def is_sample(self) -> bool:
        """Whether ads that stand in a book may be left out of what is read."""
        filtered = self.pay_types or self.publisher_type or self.max_pages
        return bool(filtered) or set(self.classifies) != EVERY_CLASS

    @property
    def is_whole_market(self) -> bool:
        """Whether nothing was narrowed at all."""
        return not (self.fiats or self.assets or self.sides or self.is_sample)

    @property
    def asked_sides(self) -> tuple[Side, ...]:
        """The sides to read, BUY before SELL."""
        return self.sides or tuple(Side)

    def includes(self, market: Market) -> bool:
        """Whether a market is asked for, if the exchange lists it."""
        return (
            (not self.fiats or market.fiat in self.fiats)
            and (not self.assets or market.asset in self.assets)
            and market.side in self.asked_sides
        )
