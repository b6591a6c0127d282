"""A refused ad: what ``rejected/`` keeps of it."""

from dataclasses import dataclass
from datetime import datetime

from items.ad import Ad, UnreadableAd
from items.market import Market, Side


@dataclass(slots=True)
class Refusal:
    """An entry that a row rule refused; ``entry`` is its JSON text, byte for byte as it came."""

    reason: str
    asset: str
    fiat: str
    side: str
    page: int
    observed_at: datetime
    adv_no: str | None
    error: str | None
    entry: str

    @classmethod
    def of(cls, item: Ad | UnreadableAd, reason: str) -> "Refusal":
        """The record of an item and the reason of its refusal."""
        market = item.market
        return cls(
            reason=reason,
            asset=market.asset,
            fiat=market.fiat,
            side=market.side.value,
            page=item.page,
            observed_at=item.observed_at,
            adv_no=item.adv_no if isinstance(item, Ad) else None,
            error=None if isinstance(item, Ad) else item.error,
            entry=item.raw.decode("utf-8", "replace"),
        )

    @property
    def market(self) -> Market:
        """The market that was asked for."""
        return Market(self.asset, self.fiat, Side(self.side))
