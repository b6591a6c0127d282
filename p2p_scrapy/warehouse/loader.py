"""Brings a warehouse up to its lake: in order of time, and where one came late, anew from it on."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg2.errors
import psycopg2.extensions as pg

from p2p_scrapy.errors import LoaderBusyError
from p2p_scrapy.warehouse import locks, rebuilding, schema
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.lake_batch import DamagedBatchError, LakeBatch, closed_batches
from p2p_scrapy.warehouse.loading import Loaded, load
from p2p_scrapy.warehouse.partitions import make_partitions
from p2p_scrapy.warehouse.quality import Thresholds
from p2p_scrapy.warehouse.retention import retire
from p2p_scrapy.warehouse.staging import Staged
from p2p_scrapy.warehouse.staging.ahead import staged_ahead

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long a loader waits for a statement, for a lock in it, and for its turn; 0 for ever.

    In PostgreSQL's words.
    """

    statement: str
    lock: str
    turn: str


UNHURRIED = Patience(statement="0", lock="0", turn="60s")
"""Of a person who loads history."""
IN_A_HURRY = Patience(statement="100s", lock="20s", turn="5s")
"""Of a crawl, which must end."""


@dataclass(frozen=True)
class Period:
    """Batches that started from ``start`` on and before ``end``; UTC."""

    start: datetime = datetime(1, 1, 1, tzinfo=UTC)
    end: datetime = datetime(9999, 1, 1, tzinfo=UTC)

    def has(self, batch: LakeBatch) -> bool:
        """Whether a batch is one of them."""
        return self.start <= batch.started_at < self.end


@dataclass
class Outcome:
    """What became of the batches that waited; ``damaged`` and ``left`` are said in sentences."""

    loaded: list[Loaded] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@contextmanager
def loader(
    dsn: str, data_dir: Path, thresholds: Thresholds, patience: Patience = UNHURRIED
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
        _set_limits(connection, patience)
        schema.migrate(connection)
        _take_over(connection, patience)
        yield Loader(connection, data_dir, thresholds)


def _set_limits(connection: pg.connection, patience: Patience) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false),"
            " set_config('lock_timeout', %s, false)",
            (patience.statement, patience.lock),
        )


def _take_over(connection: pg.connection, patience: Patience) -> None:
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", (patience.turn,))
            locks.hold(cursor, locks.LOADING)
    except psycopg2.errors.LockNotAvailable as error:
        message = "another process is loading into this warehouse"
        raise LoaderBusyError(
            f"{message}; what waits is loaded by it or by the next run"
        ) from error


class Loader:
    """Knows a lake and a warehouse, and what of the one is not in the other."""

    def __init__(self, connection: pg.connection, data_dir: Path, thresholds: Thresholds) -> None:
        self._connection = connection
        self._data_dir = data_dir
        self._thresholds = thresholds
        self.on_loaded: list[Callable[[Loaded], None]] = []

    def catch_up(
        self,
        period: Period = Period(),
        go_on: Callable[[], bool] = lambda: True,
        rebuild_at_most: int | None = None,
    ) -> Outcome:
        """Load what waits, in order of time, for as long as ``go_on()``.

        ``rebuild_at_most`` is how many batches may be replayed to fill a hole; None is any number.
        """
        outcome = Outcome()
        known = self._known()
        newest = max(known, default=None)
        waiting = [batch for batch in self._in_lake(period) if batch.started_at not in known]
        holes = [batch for batch in waiting if newest is not None and batch.started_at < newest]
        if holes:
            self._fill(holes, known, rebuild_at_most, outcome)
        for batch, staging in staged_ahead(waiting[len(holes) :]):
            if not go_on():
                outcome.left.append(f"the batch of {batch.started_at} waits for the next run")
                break
            self._load(batch, staging, outcome)
        return outcome

    def repair(self, period: Period) -> Outcome:
        """Load what waits or has another content than was loaded, rebuilding what follows."""
        known = self._known()
        outcome = Outcome()
        changed = [
            batch
            for batch in self._in_lake(period)
            if batch.started_at in known and self._is_changed(batch, known, outcome)
        ]
        if changed:
            self._fill(changed, known, None, outcome)
        rest = self.catch_up(period)
        outcome.loaded += rest.loaded
        outcome.damaged += rest.damaged
        return outcome

    def rebuild(self, period: Period) -> Outcome:
        """Undo everything from the period's start on, and load it again, in one transaction."""
        outcome = Outcome()
        batches = self._in_lake(period)
        if batches:
            self._fill(batches, self._known(), None, outcome)
        return outcome

    def retire(self, now: datetime, days: int, go_on: Callable[[], bool]) -> list[str]:
        """Drop history that ended more than ``days`` days ago, while ``go_on()``; 0 keeps all."""
        return retire(self._connection, now, days, go_on)

    def _known(self) -> dict[datetime, str]:
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute("SELECT started_at, files_digest FROM warehouse.batch")
            return dict(cursor.fetchall())

    def _in_lake(self, period: Period) -> list[LakeBatch]:
        with self._connection, self._connection.cursor() as cursor:
            kept_since = rebuilding.kept_since(cursor)
        batches = closed_batches(self._data_dir)
        return [each for each in batches if period.has(each) and each.started_at >= kept_since]

    def _load(self, batch: LakeBatch, staging: Future[Staged], outcome: Outcome) -> None:
        try:
            outcome.loaded.append(self._load_one(batch, staging))
        except DamagedBatchError as error:
            logger.error("The batch of %s is not loaded: %s", batch.started_at, error)
            outcome.damaged.append(str(error))

    def _load_one(self, batch: LakeBatch, staging: Future[Staged]) -> Loaded:
        began = time.monotonic()
        staged = staging.result()
        make_partitions(self._connection, batch.record.started_at, batch.record.ended_at)
        try:
            with self._connection, self._connection.cursor() as cursor:
                loaded = load(cursor, staged, self._thresholds)
        except (psycopg2.DataError, psycopg2.IntegrityError) as error:
            message = f"the database cannot store the batch of {batch.path}: {error}"
            raise DamagedBatchError(message) from error
        self._tell(loaded)
        logger.info(
            "Warehouse: the batch of %s, %d ads: %d new, %d changed, %d gone, in %.1f s",
            *(f"{batch.started_at:%Y-%m-%d %H:%M:%S}", loaded.ads, loaded.inserted),
            *(loaded.updated, loaded.closed, time.monotonic() - began),
        )
        return loaded

    def _fill(
        self,
        given: list[LakeBatch],
        known: dict[datetime, str],
        at_most: int | None,
        outcome: Outcome,
    ) -> None:
        """Rebuild from the first of these batches on, with all that the warehouse knew after it.

        Those that are damaged are named and left out.
        """
        given = [batch for batch in given if self._is_sound(batch, outcome)]
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
        try:
            outcome.loaded += self._replay(since, needed)
        except DamagedBatchError as error:
            logger.error("The warehouse cannot be rebuilt from %s on: %s", since, error)
            if str(error) not in outcome.damaged:
                outcome.damaged.append(str(error))

    def _is_sound(self, batch: LakeBatch, outcome: Outcome) -> bool:
        try:
            batch.prove()
        except DamagedBatchError as error:
            logger.error("The batch of %s is not loaded: %s", batch.started_at, error)
            outcome.damaged.append(str(error))
            return False
        return True

    def _replay(self, since: datetime, needed: set[datetime]) -> list[Loaded]:
        in_lake = {batch.started_at: batch for batch in closed_batches(self._data_dir)}
        if missing := sorted(needed - set(in_lake)):
            message = f"the lake has no batch of {missing[0]} ({len(missing)} are missing)"
            hint = "restore their files, or give each data folder a database of its own"
            raise DamagedBatchError(f"{message}; {hint}")
        batches = [in_lake[moment] for moment in sorted(needed)]
        for batch in batches:
            make_partitions(self._connection, batch.record.started_at, batch.record.ended_at)
        with self._connection, self._connection.cursor() as cursor:
            rebuilding.roll_back(cursor, since)
            loaded = []
            for _, staging in staged_ahead(batches):
                loaded.append(load(cursor, staging.result(), self._thresholds))
                self._tell(loaded[-1])
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
