"""A load of the warehouse, as the metrics tell it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from p2p_scrapy.lake import manifest
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.state import State
from p2p_scrapy.watch.metrics.tally import Tally


@dataclass(slots=True)
class Load:
    """What a load took and came to.

    ``closed`` is how many batches were closed since the load before. ``seconds`` are real ones,
    of each batch loaded; ``waiting`` is how many the warehouse lacks now, None where it could not
    be asked. ``has_worked`` is None where another process loads and this one did nothing.
    """

    data_dir: Path
    closed: int = 0
    timer: Callable[[], float] = time.monotonic
    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    waiting: int | None = None
    has_worked: bool | None = None
    _since: float = 0.0

    def begin(self) -> None:
        """The first batch is about to be loaded."""
        self._since = self.timer()

    def add(self, _: object) -> None:
        """A batch is loaded."""
        now = self.timer()
        self.seconds.append(now - self._since)
        self._since = now

    def fail(self) -> None:
        """An attempt has failed."""
        self.failures += 1
        self.has_worked = False

    def succeed(self, dsn: str) -> None:
        """It is over; see what the warehouse still lacks.

        Raises:
            WarehouseError: the database went away.
        """
        self.waiting = _waiting(dsn, self.data_dir)
        self.has_worked = True

    def enter(self, state: State, tally: Tally) -> None:
        """Tell the metrics."""
        for seconds in self.seconds:
            tally.observe(metrics.WRITE_DURATION, seconds)
        tally.count(metrics.WRITE_ERRORS, by=self.failures)
        if self.has_worked is not None:
            state.set(metrics.LOAD_OK, int(self.has_worked))
        state.set(metrics.WAITING, self._waiting_after(state.get(metrics.WAITING)))

    def _waiting_after(self, before: float | None) -> float:
        if self.waiting is not None:
            return self.waiting
        if before is not None:
            return before + self.closed
        return sum(1 for _ in manifest.newest_first(self.data_dir))


def _waiting(dsn: str, data_dir: Path) -> int:
    """Closed batches of the lake, as far back as history is kept, that are not in the warehouse."""
    # Whoever has no database should not carry what only a database needs.
    from p2p_scrapy.warehouse import rebuilding  # noqa: PLC0415
    from p2p_scrapy.warehouse.connection import connected  # noqa: PLC0415
    from p2p_scrapy.warehouse.lake_batch import closed_batches  # noqa: PLC0415

    with connected(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT batch_start_time FROM market.ops_batch_runs")
        known = {started_at for (started_at,) in cursor}
        since = rebuilding.kept_since(cursor)
    starts = [batch.started_at for batch in closed_batches(data_dir)]
    return sum(1 for start in starts if start >= since and start not in known)
