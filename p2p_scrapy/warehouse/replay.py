"""Loads history anew from a batch on: how a hole is filled, and a change is taken up."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import psycopg2.extensions as pg

from p2p_scrapy.warehouse import rebuilding
from p2p_scrapy.warehouse.lake_batch import DamagedBatchError, LakeBatch, closed_batches
from p2p_scrapy.warehouse.loading import Loaded, load
from p2p_scrapy.warehouse.outcome import Outcome
from p2p_scrapy.warehouse.partitions import make_partitions
from p2p_scrapy.warehouse.quality import Thresholds
from p2p_scrapy.warehouse.staging.ahead import staged_ahead

logger = logging.getLogger(__name__)


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
        known: Iterable[datetime],
        at_most: int | None,
        outcome: Outcome,
    ) -> None:
        """Rebuild from the first of these batches on, with all that the warehouse knew after it.

        Those that are damaged are named and left out. ``known`` are the starts of the batches in
        the warehouse, UTC; ``at_most`` is how many batches may be replayed, None is any number.
        """
        given = [batch for batch in given if _is_sound(batch, outcome)]
        if not given:
            return
        since = rebuilding.start_of(self._connection, given[0].started_at)
        needed = {moment for moment in known if moment >= since} | {b.started_at for b in given}
        if at_most is not None and len(needed) > at_most:
            outcome.left.append(
                f"{len(given)} batches from {since} on came late; to fill them in means to replay "
                f"{len(needed)}: run scrapy backfill --start {since:%Y-%m-%d}"
            )
            return
        self._rebuild(since, needed, outcome)

    def _rebuild(self, since: datetime, needed: set[datetime], outcome: Outcome) -> None:
        try:
            outcome.loaded += self._load_anew(since, self._from_lake(needed))
        except DamagedBatchError as error:
            logger.error("The warehouse cannot be rebuilt from %s on: %s", since, error)
            if str(error) not in outcome.damaged:
                outcome.damaged.append(str(error))

    def _from_lake(self, needed: set[datetime]) -> list[LakeBatch]:
        """The batches that started at these moments, the oldest first."""
        in_lake = {batch.started_at: batch for batch in closed_batches(self._data_dir)}
        if missing := sorted(needed - set(in_lake)):
            message = f"the lake has no batch of {missing[0]} ({len(missing)} are missing)"
            hint = "restore their files, or give each data folder a database of its own"
            raise DamagedBatchError(f"{message}; {hint}")
        return [in_lake[moment] for moment in sorted(needed)]

    def _load_anew(self, since: datetime, batches: list[LakeBatch]) -> list[Loaded]:
        for batch in batches:
            make_partitions(self._connection, batch.record.started_at, batch.record.ended_at)
        with self._connection, self._connection.cursor() as cursor:
            rebuilding.roll_back(cursor, since)
            loaded = []
            for _, staging in staged_ahead(batches):
                loaded.append(load(cursor, staging.result(), self._thresholds))
                self._tell(loaded[-1])
            return loaded


def _is_sound(batch: LakeBatch, outcome: Outcome) -> bool:
    try:
        batch.prove()
    except DamagedBatchError as error:
        outcome.leave_out(batch, error)
        return False
    return True
