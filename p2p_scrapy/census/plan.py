"""What a batch begins: its plan, made into bursts, until its window ends."""

import logging
from collections.abc import Callable, Iterable, Iterator
from statistics import fmean

from items import Market
from p2p_scrapy.binance import queries
from p2p_scrapy.binance.queries import Filter
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.dispatch import Ask, Burst
from p2p_scrapy.census.open_sweep import HARD_CAP, OpenSweep
from p2p_scrapy.census.planner import Pace, Plan
from p2p_scrapy.census.planner.capacity import requests_until
from p2p_scrapy.census.planner.prospect import prospects
from p2p_scrapy.census.time_limit import GRACE_SECONDS

logger = logging.getLogger(__name__)

UNKNOWN = 2
"""Pages beyond the first that the budget is held for where nobody knows how many there are. Most
markets have no more; page 1 of one that has is asked again once the others can be paid for."""


class Planner:
    """Plans a batch and hands the plan to its dispatcher; ``sweep_of`` makes a market's sweep."""

    def __init__(self, batch: Batch, sweep_of: Callable[[Market], OpenSweep]) -> None:
        self._batch = batch
        self._sweep_of = sweep_of
        self._most_pages = batch.scope.max_pages or HARD_CAP

    def plan(self, markets: list[Market]) -> None:
        """Decide which of the markets are read, and begin."""
        batch, now = self._batch, self._batch.clock.monotonic()
        known = prospects(markets, batch.history.markets, self._most_pages)
        pace, budget = Pace.of(batch.config), batch.lanes.largest_budget(now)
        if pace.window:
            holds = requests_until(batch.limit.end, batch.lanes.usable, now)
            plan = Plan.of_window(known, pace, batch.started_at, budget=budget, holds=holds)
        else:
            plan = Plan.of_everything(known, pace, batch.started_at, budget)
        batch.agenda.enter(plan)
        self._draw()

    async def keep_time(self) -> None:
        """Begin less as the window's end comes near, nothing after it, and give up the rest."""
        limit, dispatcher = self._batch.limit, self._batch.dispatcher
        for moment in (limit.looks_end, limit.books_end):
            await limit.reach(moment)
            self._draw()
        await limit.reach(limit.end)
        reason = f"the window of {self._batch.config.window_seconds:g} s is over"
        self._begin_no_more(reason)
        await limit.reach(limit.last)
        dispatcher.stop(f"{reason}, by {GRACE_SECONDS:g} s")

    def _draw(self) -> None:
        """Let the dispatcher draw from what is still to begin."""
        batch, limit = self._batch, self._batch.limit
        plan = batch.agenda.plan
        if plan is None or limit.is_past(limit.end):
            return
        is_last_minute = limit.is_past(limit.books_end)
        has_room = not limit.is_past(limit.looks_end) or self._has_room_for(plan)
        order = plan.units(
            batch.ledger.sweeps,
            with_new=has_room and not is_last_minute,
            with_large=not is_last_minute,
        )
        batch.dispatcher.plan(bursts(order, batch.scope.filter, self._sweep_of, self._expected))

    def _has_room_for(self, plan: Plan) -> bool:
        """Whether the lanes can pay for all that is planned, twice over where nobody knows it."""
        batch, now = self._batch, self._batch.clock.monotonic()
        asked = [len(sweep.asked) for sweep in batch.ledger.sweeps.values()]
        usual = fmean(asked) if asked else 1.0
        holds = requests_until(batch.limit.end, batch.lanes.usable, now)
        return plan.to_come(batch.ledger.sweeps, 2 * usual) <= holds

    def _begin_no_more(self, reason: str) -> None:
        """End the plan; where something of it is left for which there was to be time, say so."""
        batch = self._batch
        if batch.agenda.plan is None or batch.unread:
            logger.warning("%s: %d markets are left unread", reason, len(batch.unread))
            batch.dispatcher.drain(reason)
        else:
            batch.dispatcher.plan(iter(()))
        if batch.is_paused:
            batch.dispatcher.stop(reason)

    def _expected(self, market: Market) -> int:
        """Pages beyond the first that the budget is held for.

        Those that a market has by its last sweep, and one for its growth; some of one that was
        never read.
        """
        known = self._batch.history.markets.get(market)
        at_once = self._batch.lanes.largest_budget(self._batch.clock.monotonic())
        if known is None:  # both sides of a pair are to leave together
            return max(min(UNKNOWN, self._most_pages - 1, at_once // 2 - 1), 0)
        further = -(-(known.total or 0) // queries.PAGE_SIZE) - 1
        return min(further + 1, self._most_pages - 1, at_once - 1) if further > 0 else 0


def bursts(
    order: Iterable[list[Market]],
    narrowed: Filter,
    sweep_of: Callable[[Market], OpenSweep],
    expected: Callable[[Market], int],
) -> Iterator[Burst]:
    """For each pair, the first pages of both its sides, which leave together.

    ``expected`` tells how many further pages the budget is to be held for.
    """
    for books in order:
        yield [
            Ask(
                queries.search(book, 1, narrowed),
                sweep=sweep_of(book),
                page=1,
                holds=expected(book),
            )
            for book in books
        ]
