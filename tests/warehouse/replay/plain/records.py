"""What a lake's history is made of: ads in a book, their versions, sweeps, and people."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple


class Market(NamedTuple):
    """An asset, a fiat and the advertiser's side."""

    asset: str
    fiat: str
    side: str


class Stats(NamedTuple):
    """How an advertiser does."""

    orders: int | None
    finished: Decimal | None
    positive: Decimal | None


class Who(NamedTuple):
    """Who an advertiser is."""

    nickname: str | None
    type: str | None
    is_merchant: bool | None
    grade: int | None
    identity: str | None
    badges: tuple[str | None, ...] | None
    vip_level: int | None


class Values(NamedTuple):
    """What of an ad makes another version of it when it changes."""

    price: Decimal
    surplus: Decimal | None
    min_amount: Decimal | None
    max_amount: Decimal | None
    tradable: Decimal | None
    methods: tuple[str | None, ...]
    terms: tuple[Any, ...]
    is_ranked: bool
    advertiser: str
    who_since: datetime


@dataclass(frozen=True)
class Standing:
    """An ad in a book; ``rank`` and ``is_promoted`` are those of the last sweep, if it saw it."""

    adv_no: str
    values: Values
    who: Who
    since: datetime
    is_seen: bool
    rank: int | None
    is_promoted: bool

    @property
    def codes(self) -> list[str]:
        return [code for code in self.values.methods if code]


@dataclass(frozen=True)
class Version:
    """A version of an ad, from when to when it stood; None is still."""

    market: Market
    standing: Standing
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Sweep:
    """A sweep that did not fail, and the book after it."""

    market: Market
    batch_id: str
    swept_at: datetime
    book: dict[str, Standing]

    @property
    def seen(self) -> list[Standing]:
        return [ad for ad in self.book.values() if ad.is_seen]


@dataclass
class Advertiser:
    """Everything that was ever seen of one."""

    who: list[tuple[datetime, Who]] = field(default_factory=list)
    stats: list[tuple[datetime, Stats]] = field(default_factory=list)

    def stats_at(self, moment: datetime) -> Stats:
        return self.stats[bisect_right(self.stats, moment, key=lambda each: each[0]) - 1][1]
