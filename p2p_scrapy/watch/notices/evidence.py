"""What proves that an alert stands no more: a batch that would have shown it again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from items import BatchRecord, Status
from p2p_scrapy.census.scope import Scope

UNTIL_COMPLETED = frozenset({"failures", "no_completed_batch"})
"""They tell that no batch is completed, so nothing less than one that is ends them."""
UNTIL_LOADED = frozenset({"database_lost"})
"""It is about the warehouse, which a batch may never come to."""
UNTIL_WHOLE = frozenset({"batch_damaged"})
"""A load does not look again at a damaged batch that too many follow: it stands until it is in."""
EVENTS = frozenset({"empty_market"})
"""They tell of a change, which the next batch takes for granted: it would not show it again. So
each is told, and none stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A batch that has ended: what it read, what it came to, and the kinds that it raised.

    ``record`` is None where it could not be written; ``is_loaded`` says that the warehouse is up to
    date with it, ``is_whole`` that it lacks no other batch of the lake either.
    """

    scope: Scope
    record: BatchRecord | None
    is_loaded: bool
    is_whole: bool
    kinds: Collection[str]

    def disproves(self, kind: str, raised_by: Scope | None, last: datetime) -> bool:
        """Whether an alert cannot stand any more; ``raised_by`` is None for a script's.

        ``last`` is when it was last raised: while this batch was loaded the next one may have
        begun, and what that one met this one knows nothing of.
        """
        if self.record is None or kind in self.kinds or last > self.record.ended_at:
            return False
        if kind in UNTIL_COMPLETED:
            return self._is_completed_census(self.record)
        if raised_by is None or not covers(self.scope, raised_by):
            return False
        if kind in UNTIL_LOADED | UNTIL_WHOLE:
            return self.is_whole if kind in UNTIL_WHOLE else self.is_loaded
        return self.record.status is not Status.FAILED and self.record.stopped is None

    def _is_completed_census(self, record: BatchRecord) -> bool:
        return record.status is Status.COMPLETED and not record.sample


def covers(wide: Scope, narrow: Scope) -> bool:
    """Whether who reads ``wide`` meets all that ``narrow`` would show; a sample shows little."""
    if wide.is_sample or narrow.is_sample:
        return wide == narrow
    return all(
        not ours or (theirs and set(theirs) <= set(ours))
        for ours, theirs in (
            (wide.fiats, narrow.fiats),
            (wide.assets, narrow.assets),
            (wide.sides, narrow.sides),
        )
    )
