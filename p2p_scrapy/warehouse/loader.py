"""Brings a warehouse up to its lake: in order of time, and where one came late, anew from it on."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg2.extensions as pg

from p2p_scrapy.warehouse import schema, turn, unstorable
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.lake_batch import DamagedBatchError, LakeBatch
from p2p_scrapy.warehouse.loading import Loaded, load
from p2p_scrapy.warehouse.outcome import Outcome
from p2p_scrapy.warehouse.partitions import make_partitions
from p2p_scrapy.warehouse.period import EVER, Period
from p2p_scrapy.warehouse.quality import Thresholds
from p2p_scrapy.warehouse.reach import Limits
from p2p_scrapy.warehouse.replay import Replay
from p2p_scrapy.warehouse.retention import retire
from p2p_scrapy.warehouse.staging import Staged
from p2p_scrapy.warehouse.staging.ahead import staged_ahead
from p2p_scrapy.warehouse.survey import Survey, survey
from p2p_scrapy.warehouse.turn import Patience

logger = logging.getLogger(__name__)


@contextmanager
def loader(
    dsn: str, data_dir: Path, thresholds: Thresholds, patience: Patience = turn.UNHURRIED
) -> Iterator["Loader"]:
    """The one loader of a warehouse, its schema brought up to date.

    Raises:
        DatabaseLostError: the database cannot be reached, or went away in the block.
        DatabaseTooOldError: it is older than PostgreSQL 15.
        SchemaTooNewError: a newer version of this project owns it.
        LoaderBusyError: another loader did not let go.
        DatabaseRefusedError: a statement took longer than there is patience for.
    """
    with connected(dsn) as connection:
        turn.set_limits(connection, patience)
        schema.migrate(connection)
        turn.take(connection, patience)
        yield Loader(connection, data_dir, thresholds)


class Loader:
    """Knows a lake and a warehouse, and what of the one is not in the other."""

    def __init__(self, connection: pg.connection, data_dir: Path, thresholds: Thresholds) -> None:
        self._connection = connection
        self._data_dir = data_dir
        self._thresholds = thresholds
        self._replay = Replay(connection, data_dir, thresholds, self._tell)
        self.on_loaded: list[Callable[[Loaded], None]] = []

    def catch_up(
        self,
        period: Period = EVER,
        go_on: Callable[[], bool] = lambda: True,
        rebuild_at_most: int | None = None,
    ) -> Outcome:
        """Load what waits, in order of time, for as long as ``go_on()``; what came late at last.

        So a hole, whatever is wrong with it, keeps nothing new out. ``rebuild_at_most`` is how many
        batches may be replayed to fill it; None is any number.
        """
        outcome, found = Outcome(), self._survey(period)
        never = [batch for batch in found.dropped if batch.started_at not in found.known]
        outcome.leave_behind(never, found.kept_since)
        self._load_all(found.new, go_on, outcome)
        known = {*found.known, *(loaded.started_at for loaded in outcome.loaded)}
        self._replay.fill(found.late, known, outcome, Limits(rebuild_at_most, go_on))
        return outcome

    def repair(self, period: Period) -> Outcome:
        """Load what waits or has another content than was loaded, rebuilding what follows.

        What is new is loaded at last, so that no replay has to: there may be months of it.
        """
        outcome, found = Outcome(), self._survey(period)
        outcome.leave_behind(found.dropped, found.kept_since)
        changed = [each for each in found.loaded if self._is_changed(each, found.known, outcome)]
        anew = sorted(found.late + changed, key=lambda batch: batch.started_at)
        self._replay.fill(anew, found.known, outcome)
        self._load_all(found.new, lambda: True, outcome)
        return outcome

    def rebuild(self, period: Period) -> Outcome:
        """Undo everything from the period's start on, and load it again, in one transaction."""
        outcome, found = Outcome(), self._survey(period)
        outcome.leave_behind(found.dropped, found.kept_since)
        self._replay.fill(found.kept, found.known, outcome)
        return outcome

    def retire(self, now: datetime, days: int, go_on: Callable[[], bool]) -> list[str]:
        """Drop history that ended more than ``days`` days ago, while ``go_on()``; 0 keeps all.

        Days without a batch do not count.
        """
        return retire(self._connection, now, days, go_on)

    def _survey(self, period: Period) -> Survey:
        return survey(self._connection, self._data_dir, period)

    def _load_all(self, new: list[LakeBatch], go_on: Callable[[], bool], outcome: Outcome) -> None:
        for batch, staging in staged_ahead(new):
            if not go_on():
                outcome.left.append(f"the batch of {batch.started_at} waits for the next run")
                break
            self._load(batch, staging, outcome)

    def _load(self, batch: LakeBatch, staging: Future[Staged], outcome: Outcome) -> None:
        try:
            outcome.loaded.append(self._load_one(batch, staging))
        except DamagedBatchError as error:
            outcome.leave_out(batch, error)

    def _load_one(self, batch: LakeBatch, staging: Future[Staged]) -> Loaded:
        began = time.monotonic()
        staged = staging.result()
        make_partitions(self._connection, batch.record.started_at, batch.record.ended_at)
        with unstorable.told_of(batch), self._connection, self._connection.cursor() as cursor:
            loaded = load(cursor, staged, self._thresholds)
        self._tell(loaded)
        logger.info(
            "Warehouse: the batch of %s, %d ads: %d new, %d changed, %d gone, in %.1f s",
            *(f"{batch.started_at:%Y-%m-%d %H:%M:%S}", loaded.ads, loaded.inserted),
            *(loaded.updated, loaded.closed, time.monotonic() - began),
        )
        return loaded

    def _tell(self, loaded: Loaded) -> None:
        for hear in self.on_loaded:
            hear(loaded)

    def _is_changed(self, batch: LakeBatch, known: dict[datetime, str], outcome: Outcome) -> bool:
        try:
            return batch.digest != known[batch.started_at]
        except DamagedBatchError as error:
            outcome.damaged.append(str(error))
            return False
