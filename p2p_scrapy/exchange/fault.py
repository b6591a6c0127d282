"""A fault on demand: which one, how often, and where."""

from dataclasses import dataclass

from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.fault_kinds import KINDS


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, as ``KIND=SHARE[@FIAT[/ASSET[/SIDE]]]`` says it.

    Attributes:
        kind: one of KINDS.
        share: probability per matching request, 0 to 1.
        fiat: only this currency's markets; None for all. Likewise asset.
        side: only this side, the ADVERTISER's; None for both.
    """

    kind: str
    share: float
    fiat: str | None = None
    asset: str | None = None
    side: str | None = None

    def matches(self, fiat: str | None, asset: str | None, side: str | None) -> bool:
        """Whether a request for this market is in the fault's reach."""
        wanted = ((self.fiat, fiat), (self.asset, asset), (self.side, side))
        return all(mine is None or mine == asked for mine, asked in wanted)


def parse_fault(text: str) -> Fault:
    """Read ``KIND=SHARE[@FIAT[/ASSET[/SIDE]]]``, e.g. ``error503=0.1@VES/USDT/SELL``.

    Raises:
        OptionError: the kind is unknown, the share no probability, or the place unreadable.
    """
    kind, _, rest = text.partition("=")
    share, at, place = rest.partition("@")
    if kind not in KINDS:
        raise OptionError("fault", text, f"KIND=SHARE with KIND one of {', '.join(sorted(KINDS))}")
    where = place.split("/")
    if (at and not place) or len(where) > len(("fiat", "asset", "side")):
        raise OptionError("fault", text, "KIND=SHARE@FIAT, or @FIAT/ASSET, or @FIAT/ASSET/SIDE")
    fiat, asset, side = (part.upper() or None for part in (*where, "", "")[:3])
    if side not in {None, "BUY", "SELL"}:
        raise OptionError("fault", text, "KIND=SHARE@FIAT/ASSET/SIDE with SIDE BUY or SELL")
    return Fault(kind, _probability(share, text), fiat, asset, side)


def _probability(share: str, text: str) -> float:
    try:
        value = float(share)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise OptionError("fault", text, "KIND=SHARE with SHARE a number from 0 to 1")
    return value
