"""A month into the warehouse: loads what is made, until it is whole or is told to stop."""

import signal
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg2.extensions as pg
from rich.console import Console

from benchmarks.month.batches import LAKE, Calendar
from benchmarks.month.log import Log
from benchmarks.month.making import made
from benchmarks.month.sizes import sizes
from benchmarks.warehouse.timed import TimedLoad, timed_load
from p2p_scrapy.warehouse import schema
from p2p_scrapy.warehouse.lake_batch import LakeBatch, closed_batches

_progress = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Month:
    """What is to be made; ``folder`` holds the seed, the state, the lake and the logs."""

    folder: Path
    calendar: Calendar
    batches: int
    random_seed: int

    @property
    def lake(self) -> Path:
        """Where a batch lies until it is loaded."""
        return self.folder / LAKE

    @property
    def loads(self) -> Log:
        """A line a load."""
        return Log(self.folder, "loads")

    @property
    def sizes(self) -> Log:
        """A line a day."""
        return Log(self.folder, "sizes")


class Stop:
    """Told by SIGINT or SIGTERM: the load that runs is finished, and the state is kept."""

    def __init__(self) -> None:
        self.is_told = False
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._tell)

    def _tell(self, *_: object) -> None:
        self.is_told = True


def run(month: Month, connection: pg.connection, stop: Stop) -> bool:
    """Bring the warehouse to the month's end; whether it got there."""
    schema.migrate(connection)
    known = _known(connection)
    left = [batch for batch in closed_batches(month.lake) if batch.started_at not in known]
    known |= {batch.started_at for batch in left}
    with closing(_made(month, known)) as new:
        for batch in chain(left, new):
            _load(month, connection, batch)
            if stop.is_told:
                return False
    return True


def _made(month: Month, known: set[datetime]) -> Generator[LakeBatch, None, None]:
    for path in made(month.folder, month.calendar, month.random_seed, known, month.batches):
        yield LakeBatch(month.lake, path)


def _load(month: Month, connection: pg.connection, batch: LakeBatch) -> None:
    timed = timed_load(connection, batch)
    _discard(batch)
    month.loads.add(**_figures(batch, timed))
    if batch.started_at == month.calendar.last_of_day(batch.started_at):
        found = sizes(connection)
        month.sizes.add(day=f"{batch.started_at:%Y-%m-%d}", at=time.time(), bytes=found)
        _progress.print(
            f"{batch.started_at:%Y-%m-%d}: {sum(found.values()) / 1e6:,.0f} MB, "
            f"last load {timed.seconds:.2f} s"
        )


def _discard(batch: LakeBatch) -> None:
    for file in batch.record.files:
        (batch.data_dir / file.path).unlink()
    batch.path.unlink()


def _figures(batch: LakeBatch, timed: TimedLoad) -> dict[str, Any]:
    loaded = timed.loaded
    return {
        "started_at": batch.started_at.isoformat(),
        "seconds": round(timed.seconds, 4),
        "staging": round(timed.staging, 4),
        "database": round(timed.database, 4),
        "cpu": None if timed.cpu is None else round(timed.cpu, 3),
        "ads": loaded.ads,
        "inserted": loaded.inserted,
        "updated": loaded.updated,
        "closed": loaded.closed,
    }


def _known(connection: pg.connection) -> set[datetime]:
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT started_at FROM warehouse.batch")
        return {moment for (moment,) in cursor.fetchall()}
