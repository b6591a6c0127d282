"""How far back a replay may go to bring batches in: told from their starts, no file is read."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import psycopg2.extensions as pg

from p2p_scrapy.warehouse import rebuilding
from p2p_scrapy.warehouse.lake_batch import LakeBatch
from p2p_scrapy.warehouse.outcome import Outcome


@dataclass(frozen=True)
class Limits:
    """How many batches a replay may load, None is any number, and whether one may still begin."""

    at_most: int | None = None
    go_on: Callable[[], bool] = lambda: True


NO_LIMITS = Limits()


class Reach:
    """What of the given batches a replay brings in; ``known`` are the starts of those loaded."""

    def __init__(self, connection: pg.connection, known: Collection[datetime]) -> None:
        self._connection = connection
        self._known = known

    def needed(self, given: list[LakeBatch]) -> list[datetime]:
        """The starts of all batches that are loaded anew to bring these in, the oldest first."""
        since = rebuilding.start_of(self._connection, given[0].started_at)
        starts = {moment for moment in self._known if moment >= since}
        return sorted(starts | {batch.started_at for batch in given})

    def within(
        self, given: list[LakeBatch], at_most: int | None, outcome: Outcome
    ) -> list[LakeBatch]:
        """The latest of these, as many as a replay of ``at_most`` batches brings in.

        The others are told as left: were it all or none, one old hole would keep every later one
        open.
        """
        if at_most is None:
            return given
        reached = given[max(len(given) - at_most, 0) :]
        while reached and len(self.needed(reached)) > at_most:
            reached = reached[1:]
        if len(reached) < len(given):
            outcome.left.append(self._too_far(given, len(given) - len(reached)))
        return reached

    def _too_far(self, given: list[LakeBatch], left: int) -> str:
        since = given[0].started_at
        return (
            f"{left} batches from {since} on are not in the warehouse; to fill them in means to "
            f"replay {len(self.needed(given))}: run scrapy backfill --start {since:%Y-%m-%d}"
        )
