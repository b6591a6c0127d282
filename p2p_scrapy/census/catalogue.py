"""The catalogue: which markets the exchange trades, as last told, kept on disk."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import msgspec

from items import Market, Side
from p2p_scrapy import kept
from p2p_scrapy.kept import Moment


class Listing(msgspec.Struct):
    """What is traded against one fiat: assets by the advertiser's side, and when that was told."""

    assets: dict[Side, list[str]]
    told_at: Moment


class Catalogue(msgspec.Struct):
    """``catalogue.json``: the fiats the exchange lists, and each fiat's markets. Times are UTC."""

    fiats: list[str] = []
    told_at: Moment | None = None
    listings: dict[str, Listing] = {}

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """The catalogue kept in a data folder; a missing or corrupt one is empty."""
        return kept.load(_path(data_dir), cls)

    def save(self, data_dir: Path) -> None:
        """Write it, atomically."""
        kept.save(_path(data_dir), self)

    def list_fiats(self, fiats: list[str], now: datetime) -> None:
        """Enter a fiat-list answer."""
        self.fiats, self.told_at = fiats, now

    def list_markets(self, fiat: str, markets: list[Market], now: datetime) -> None:
        """Enter a portal/config answer."""
        assets = {side: [m.asset for m in markets if m.side is side] for side in Side}
        self.listings[fiat] = Listing(assets, now)

    def markets(self, fiat: str) -> list[Market]:
        """The markets of a fiat; none where it is not known."""
        listing = self.listings.get(fiat)
        if listing is None:
            return []
        return [Market(a, fiat, side) for side in Side for a in listing.assets.get(side, [])]

    def assets(self) -> list[str]:
        """Every asset that is traded against any fiat."""
        known = (m.asset for fiat in self.listings for m in self.markets(fiat))
        return list(dict.fromkeys(known))

    def has_fresh_fiats(self, now: datetime, hours: float) -> bool:
        """Whether the list of fiats is younger than that; an empty one never is."""
        return bool(self.fiats) and self.told_at is not None and _is_fresh(self.told_at, now, hours)

    def has_fresh_markets(self, fiat: str, now: datetime, hours: float) -> bool:
        """Whether a fiat's markets were told more recently than that."""
        listing = self.listings.get(fiat)
        return listing is not None and _is_fresh(listing.told_at, now, hours)


def _is_fresh(told_at: datetime, now: datetime, hours: float) -> bool:
    return timedelta(0) <= now - told_at < timedelta(hours=hours)


def _path(data_dir: Path) -> Path:
    return data_dir / "catalogue.json"
