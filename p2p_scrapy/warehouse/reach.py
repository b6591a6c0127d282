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


@dataclass(frozen=True)
class Span:
    """What is undone ``since`` a moment, and the starts of all that is loaded then, in order."""

    since: datetime
    starts: list[datetime]


class Reach:
    """What of the given batches a replay brings in; ``known`` are the starts of those loaded."""

    def __init__(self, connection: pg.connection, known: Collection[datetime]) -> None:
        self._connection = connection
        self._known = known

    def needed(self, given: list[LakeBatch]) -> Span:
        """What is undone and loaded anew to bring these in."""
        since = rebuilding.start_of(self._connection, given[0].started_at)
        return Span(since, self._starts(given, since))

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
        while reached and not self._is_within(reached, at_most):
            reached = reached[1:]
        if len(reached) < len(given):
            outcome.left.append(self._too_far(given, len(given) - len(reached)))
        return reached

    def _is_within(self, given: list[LakeBatch], at_most: int) -> bool:
        """The count comes first: to look for what reaches across an old moment takes long."""
        if len(self._starts(given, given[0].started_at)) > at_most:
            return False
        return len(self.needed(given).starts) <= at_most

    def _starts(self, given: list[LakeBatch], since: datetime) -> list[datetime]:
        loaded = {moment for moment in self._known if moment >= since}
        return sorted(loaded | {batch.started_at for batch in given})

    def _too_far(self, given: list[LakeBatch], left: int) -> str:
        since = given[0].started_at
        return (
            f"{left} batches from {since} on are not in the warehouse; to fill them in means to "
            f"replay {len(self._starts(given, since))}: "
            f"run scrapy backfill --start {since:%Y-%m-%d}"
        )
