"""What a killed batch left in its journal, read back and counted."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from items import AD_COLUMNS, SWEEP_COLUMNS, Market, Side
from p2p_scrapy import journal
from p2p_scrapy.census.batch_journal import is_readable

SWEEP_AT = {name: index for index, name in enumerate(SWEEP_COLUMNS)}
"""Where each column of a ledger row stands in it."""

_AD_AT = {name: index for index, name in enumerate(AD_COLUMNS)}


@dataclass(slots=True)
class Remnant:
    """A sweep whose pages were all in: ``read`` is its ledger row, the counts what passed of it."""

    read: list[Any]
    rows: int = 0
    promoted: int = 0
    refused: int = 0


@dataclass(slots=True)
class Remains:
    """What a journal holds, counted.

    ``header`` is its first record, None where it is none of this version's. ``plan`` names the
    planned markets; by such a name, ``kept`` has what passed the pipelines and ``verdicts`` the
    ledger rows of the sweeps that were closed. ``sides`` counts the kept ads by side, ``refused``
    the others by reason.
    """

    header: dict[str, Any] | None = None
    is_empty: bool = True
    plan: list[str] = field(default_factory=list)
    kept: dict[str, Remnant] = field(default_factory=dict)
    verdicts: dict[str, list[Any]] = field(default_factory=dict)
    sides: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    last_seen: datetime | None = None

    @classmethod
    def of(cls, path: Path) -> "Remains":
        """Read a journal, as far as it is whole and of this version."""
        remains = cls()
        for kind, payload in journal.read(path):
            remains.is_empty = False
            if kind == "batch" and is_readable(payload):
                remains.header = payload
            if remains.header is None:
                break
            remains._count(kind, payload)
        return remains

    def enter(self, row: list[Any]) -> None:
        """Enter the ledger row of a sweep."""
        self.verdicts[_market(row)] = row

    def _count(self, kind: str, payload: Any) -> None:
        match kind:
            case "plan":
                self.plan += payload
            case "read":
                self.kept[_market(payload)] = Remnant(payload)
            case "ad":
                self._count_ad(payload)
            case "refusal":
                self._count_refusal(payload)
            case "sweep":
                self.enter(payload)

    def _count_ad(self, row: list[Any]) -> None:
        market = Market(row[_AD_AT["asset"]], row[_AD_AT["fiat"]], Side(row[_AD_AT["trade_type"]]))
        self.sides[market.side] += 1
        sweep = self._sweep_of(market, row[_AD_AT["observed_at"]])
        sweep.promoted += row[_AD_AT["rank"]] is None

    def _count_refusal(self, refusal: dict[str, Any]) -> None:
        self.refused[refusal["reason"]] += 1
        market = Market(refusal["asset"], refusal["fiat"], Side(refusal["side"]))
        self._sweep_of(market, refusal["observed_at"]).refused += 1

    def _sweep_of(self, market: Market, seen_at: datetime) -> Remnant:
        sweep = self.kept[str(market)]
        sweep.rows += 1
        self.last_seen = max(self.last_seen or seen_at, seen_at)
        return sweep


def _market(row: list[Any]) -> str:
    """The name of a ledger row's market."""
    asset, fiat, side = (row[SWEEP_AT[name]] for name in ("asset", "fiat", "side"))
    return str(Market(asset, fiat, Side(side)))
