"""What is asked next, and by which lane: one place holds the plan, the lanes and the retries."""

import asyncio
from collections.abc import Callable, Iterator

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census.dispatch.ask import Ask, Burst, by_sweep, count_waits, mark_ready
from p2p_scrapy.census.dispatch.choice import Choice, Offer
from p2p_scrapy.census.dispatch.queue import Queue
from p2p_scrapy.census.dispatch.wire import Wire
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.clock import Clock

PATIENCE = 5.0
"""Seconds that further pages may come after page 1; beyond, page 1 is better asked again."""


class Dispatcher:
    """Gives out questions one by one, each when a lane can pay for its whole burst.

    All pages of a sweep go by one lane, which is chosen when its first question can leave. The
    first page of a market whose size is known leaves when the lane can pay for all of it: the
    rest is held for its further pages, which ``follow`` lets leave at once. A burst that waits
    goes before new ones, so that a market that was begun is finished first. ``plan`` makes the
    bursts that begin sweeps; ``on_begin`` is told each sweep whose first question is about to
    leave. ``on_move`` is given a sweep whose lane is out of service with what it still had to ask,
    nothing of it being out, and says what is asked instead, by any lane. ``stopped`` says why
    nothing more is begun, once that is so; ``given_up`` holds what a stop kept from leaving.
    """

    def __init__(self, clock: Clock, lanes: Lanes, width: int) -> None:
        self.lanes = lanes
        self.on_begin: Callable[[OpenSweep], None] = lambda _: None
        self.on_move: Callable[[OpenSweep, Burst], Burst] = lambda _, asks: asks
        self.stopped: str | None = None
        self.has_stopped = False
        self.given_up: Burst = []
        self._clock = clock
        self._queue = Queue()
        self._wire = Wire(width)
        self._moments: list[float] = []
        self._changed = asyncio.Event()

    def plan(self, bursts: Iterator[Burst]) -> None:
        """Draw from these when nothing else waits, and no more from an earlier plan."""
        self._queue.plan_anew(bursts)
        self._changed.set()

    def follow(self, sweep: OpenSweep, burst: Burst) -> bool:
        """Let a sweep's further pages leave at once, on what was held for it, or very soon.

        False, and nothing done but that the budget is let go of, where the lane cannot pay soon.
        """
        now, lane = self._clock.monotonic(), self.lanes.named(sweep.lane)
        extra = len(burst) - sweep.held
        can_pay = extra <= 0 or lane.can_pay(extra, now)
        self.let_go(sweep)
        if self.has_stopped or lane.name in self.lanes.lost:
            return False
        mark_ready(burst, now)
        if can_pay:
            self._pay(lane, burst, len(burst))
        elif self._is_soon(lane, len(burst), now):
            self._queue.waiting.appendleft(burst)
        else:
            return False
        self._changed.set()
        return True

    def let_go(self, sweep: OpenSweep) -> None:
        """Return the budget that is held for a sweep."""
        if sweep.held:
            self.lanes.named(sweep.lane).window.give_back(sweep.held)
            sweep.held = 0
        self._changed.set()

    def ask(self, burst: Burst) -> None:
        """Put a burst in the queue; of one larger than the whole budget as much leaves as fits."""
        if self.has_stopped:
            self.given_up += burst
        elif burst:
            mark_ready(burst, self._clock.monotonic())
            self._queue.waiting.append(burst)
        self._changed.set()

    def ask_again(self, ask: Ask, after: float) -> None:
        """Put a failed question back, to leave in ``after`` seconds at the earliest."""
        self._queue.delay(ask, self._clock.monotonic() + after)
        self._changed.set()

    def answered(self, ask: Ask) -> None:
        """Note that a question is settled, one way or the other."""
        self._wire.came(ask)
        self._changed.set()

    def drain(self, reason: str) -> None:
        """Begin nothing new; what has begun goes on."""
        self.stopped = self.stopped or reason
        self._queue.drain()
        self._changed.set()

    def stop(self, reason: str) -> None:
        """Give up everything that has not left; it is listed in ``given_up``."""
        self.drain(reason)
        self.has_stopped = True
        self.given_up += self._call_back(list(self.lanes))
        self.given_up += self._queue.clear()

    async def next(self) -> Ask | None:
        """Wait until a question may leave; None when there is nothing left to ask."""
        while True:
            self._changed.clear()
            now = self._clock.monotonic()
            ask = self._take(now)
            if ask is not None:
                return ask
            if self._wire.is_idle and self._queue.is_empty:
                return None
            await self._clock.wait(self._changed, self._next_chance(now))

    def _take(self, now: float) -> Ask | None:
        self._moments = []
        stopped = [each for each in self.lanes if self.lanes.is_stopped(each, now)]
        for burst in reversed(by_sweep(self._call_back(stopped))):
            mark_ready(burst, now)
            self._queue.waiting.appendleft(burst)
        self._queue.wake(now)
        self._move_stranded(now)
        while self._wire.has_room:
            ask = self._wire.leave(now)
            if ask is not None or self._wire.is_taken or not self._pay_for_next(now):
                return ask
        return None

    def _call_back(self, lanes: list[Lane]) -> Burst:
        """Take back, with its budget, what was paid for and has not left."""
        back = self._wire.call_back(lane.name for lane in lanes)
        for ask in back:
            if ask.lane is not None:
                ask.lane.window.give_back(1)
            if ask.sweep is not None and ask.holds:
                self.let_go(ask.sweep)
        return back

    def _move_stranded(self, now: float) -> None:
        """Give what has begun on a lane that is out of service to any other."""
        out = self.lanes.out_of_service(now)
        for sweep in self._queue.sweeps() if out else []:
            if sweep.lane in out and not self._wire.has(sweep):
                asks = self._queue.withdraw(sweep)
                self.let_go(sweep)
                sweep.is_begun = False
                self._queue.waiting.append(self.on_move(sweep, asks))

    def _pay_for_next(self, now: float) -> bool:
        choice = Choice(self.lanes, now, self._wire.reading())
        offer = choice.find(self._queue.in_turn(now))
        if offer is None:
            self._moments = choice.moments
            return False
        self._queue.take(offer.burst, offer.part)
        self._fit_holds(offer)
        self._begin_sweeps(offer)
        count_waits(offer.part, now)
        self._pay(offer.lane, offer.part, offer.cost)
        return True

    def _pay(self, lane: Lane, burst: Burst, cost: int) -> None:
        lane.pay(cost)
        for ask in burst:
            ask.lane = lane
        self._wire.leaving.extend(burst)

    def _fit_holds(self, offer: Offer) -> None:
        """Hold no more than the lane can ever pay: its budget, or a probe alone."""
        if len(offer.part) == 1:
            offer.part[0].holds = offer.cost - 1

    def _begin_sweeps(self, offer: Offer) -> None:
        for ask in offer.part:
            if ask.sweep is not None and not ask.sweep.is_begun:
                ask.sweep.is_begun = True
                ask.sweep.lane = offer.lane.name
                self.on_begin(ask.sweep)
            if ask.sweep is not None:
                ask.sweep.held += ask.holds

    def _is_soon(self, lane: Lane, count: int, now: float) -> bool:
        moment = None if count > lane.window.budget else lane.ready_at(count, now)
        return moment is not None and moment - now <= PATIENCE

    def _next_chance(self, now: float) -> float | None:
        """Seconds until something may leave; None where only an answer can change that."""
        if not self._wire.has_room or self._wire.is_taken:
            return None
        due = self._queue.next_due()
        moments = [*self._moments, *([] if due is None else [due])]
        moments += (each.paused_until for each in self.lanes.usable if each.is_paused(now))
        return max(min(moments) - now, 0.0) if moments else None
