"""A sweep: one reading of one market, as the ledger keeps it."""

from dataclasses import astuple, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from items.market import Market, Side


class Verdict(StrEnum):
    """What a sweep is worth as proof of what stood in the book."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(slots=True)
class Sweep:
    """One ledger row; counts are ads unless said otherwise, times are UTC.

    ``rows`` are all entries received, ``unique`` the different natural ads among them (refused
    ones included: seen is seen), ``promoted`` the extra rows in front of page 1, ``duplicates``
    the natural rows that came again. ``started_at`` is when the first request left,
    ``first_response_at`` and ``swept_at`` when the first and the LAST page arrived; the latter is
    the sweep's time in all history. ``rereads`` counts how often pages were asked for once more;
    of each page the last look alone counts in all of this.
    """

    venue: str
    batch_id: str
    asset: str
    fiat: str
    side: str
    started_at: datetime
    first_response_at: datetime | None
    swept_at: datetime | None
    lane: str
    total_first: int | None
    total_last: int | None
    rows: int
    unique: int
    promoted: int
    duplicates: int
    refused: int
    pages: int
    rereads: int
    verdict: str
    error: str | None

    @property
    def market(self) -> Market:
        """The market that was read."""
        return Market(self.asset, self.fiat, Side(self.side))

    def row(self) -> tuple[Any, ...]:
        """The values of SWEEP_COLUMNS, in their order."""
        return astuple(self)


SWEEP_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Sweep))
