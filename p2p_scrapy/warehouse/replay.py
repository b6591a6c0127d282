"""Loads history anew from a batch on: how a hole is filled, and a change is taken up."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

import psycopg2.extensions as pg

from p2p_scrapy.warehouse import rebuilding, unstorable
from p2p_scrapy.warehouse.lake_batch import DamagedBatchError, LakeBatch, closed_batches
from p2p_scrapy.warehouse.loading import Loaded, load
from p2p_scrapy.warehouse.outcome import Outcome
from p2p_scrapy.warehouse.partitions import make_partitions
from p2p_scrapy.warehouse.quality import Thresholds
from p2p_scrapy.warehouse.reach import NO_LIMITS, Limits, Reach, Span
from p2p_scrapy.warehouse.staging.ahead import staged_ahead

logger = logging.getLogger(__name__)


class _SpoiltReplayError(DamagedBatchError):
    """A batch cannot be loaded, and so nothing of its replay is."""

    def __init__(self, batch: LakeBatch, error: DamagedBatchError) -> None:
        super().__init__(str(error))
        self.batch = batch


class Replay:
    """Undoes what follows a moment and loads it again, in one transaction: all of it, or nothing.

    ``tell`` is told each batch as it is loaded, before the transaction is done.
    """

    def __init__(
        self,
        connection: pg.connection,
        data_dir: Path,
        thresholds: Thresholds,
        tell: Callable[[Loaded], None],
    ) -> None:
        self._connection = connection
        self._data_dir = data_dir
        self._thresholds = thresholds
        self._tell = tell

    def fill(
        self,
        given: list[LakeBatch],
        known: Collection[datetime],
        outcome: Outcome,
        limits: Limits = NO_LIMITS,
    ) -> None:
        """Rebuild from the first of these batches on, with all that the warehouse knew after it.

        Those that are damaged are named and left out. ``known`` are the starts of the batches in
        the warehouse, UTC.
        """
        reach = Reach(self._connection, known)
        within = reach.within(given, limits.at_most, outcome)
        rest = [batch for batch in within if not limits.go_on() or _is_sound(batch, outcome)]
        while rest and limits.go_on():
            rest = self._rebuild(rest, reach.needed(rest), outcome)
        if rest:
            outcome.left.append(
                f"{len(rest)} batches from {rest[0].started_at} on came late, and wait for the "
                "next run: there was no time for them"
            )

    def _rebuild(self, given: list[LakeBatch], needed: Span, outcome: Outcome) -> list[LakeBatch]:
        """Fill these in; where one of them cannot be loaded, the others are yet to be filled."""
        try:
            outcome.loaded += self._load_anew(needed.since, self._from_lake(needed.starts))
        except DamagedBatchError as error:
            if isinstance(error, _SpoiltReplayError) and error.batch in given:
                outcome.leave_out(error.batch, error)
                return [batch for batch in given if batch != error.batch]
            logger.error("The warehouse cannot be rebuilt from %s on: %s", needed.since, error)
            if str(error) not in outcome.damaged:
                outcome.damaged.append(str(error))
        return []

    def _from_lake(self, starts: list[datetime]) -> list[LakeBatch]:
        """The batches that started at these moments."""
        in_lake = {batch.started_at: batch for batch in closed_batches(self._data_dir)}
        if missing := [moment for moment in starts if moment not in in_lake]:
            message = f"the lake has no batch of {missing[0]} ({len(missing)} are missing)"
            hint = "restore their files, or give each data folder a database of its own"
            raise DamagedBatchError(f"{message}; {hint}")
        return [in_lake[moment] for moment in starts]

    def _load_anew(self, since: datetime, batches: list[LakeBatch]) -> list[Loaded]:
        for batch in batches:
            make_partitions(self._connection, batch.record.started_at, batch.record.ended_at)
        with self._connection, self._connection.cursor() as cursor:
            rebuilding.roll_back(cursor, since)
            loaded = []
            for batch, staging in staged_ahead(batches):
                try:
                    with unstorable.told_of(batch):
                        loaded.append(load(cursor, staging.result(), self._thresholds))
                except DamagedBatchError as error:
                    raise _SpoiltReplayError(batch, error) from error
                self._tell(loaded[-1])
            return loaded


def _is_sound(batch: LakeBatch, outcome: Outcome) -> bool:
    try:
        batch.prove()
    except DamagedBatchError as error:
        outcome.leave_out(batch, error)
        return False
    return True
