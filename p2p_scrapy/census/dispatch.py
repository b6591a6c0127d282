"""What is asked next: one place holds the plan, the lane, the bursts and the delayed retries."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from p2p_scrapy.binance.queries import Query
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.clock import Clock


@dataclass(slots=True, eq=False)
class Ask:
    """A question on its way; ``page`` is 0 for what is no page. Times are monotonic seconds.

    ``holds`` is the budget to be held for the pages that are expected to follow from the answer;
    with the question itself it is no more than the whole budget.
    """

    query: Query
    sweep: OpenSweep | None = None
    fiat: str = ""
    page: int = 0
    attempt: int = 0
    holds: int = 0
    ready_at: float = 0.0
    left_at: float = 0.0


Burst = list[Ask]
"""Questions that leave together, once the budget for all of them is saved up."""


@dataclass(slots=True)
class Dispatcher:
    """Gives out questions one by one, each when the lane can pay for its whole burst.

    The first page of a market whose size is known leaves when the lane can pay for all of it: the
    rest is held for its further pages, which ``follow`` lets leave at once. A burst that waits goes
    before new ones, so that a market that was begun is finished first. ``plan`` makes the bursts
    that begin sweeps, and is drawn from when nothing else waits; ``on_begin`` is told each sweep
    whose first question is about to leave. No more than ``width`` questions are out at a time.
    ``stopped`` says why nothing more is begun, once that is so; ``given_up`` holds what a stop kept
    from leaving.
    """

    clock: Clock
    lane: Lane
    width: int
    plan: Iterator[Burst] = field(default_factory=lambda: iter(()))
    on_begin: Callable[[OpenSweep], None] = lambda _: None
    stopped: str | None = None
    has_stopped: bool = False
    given_up: list[Ask] = field(default_factory=list)
    _waiting: deque[Burst] = field(default_factory=deque)
    _drawn: Burst = field(default_factory=list)
    _leaving: deque[Ask] = field(default_factory=deque)
    _delayed: list[tuple[float, int, Ask]] = field(default_factory=list)
    _out: int = 0
    _draining: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Iterator[int] = field(default_factory=count)

    def follow(self, sweep: OpenSweep, burst: Burst) -> bool:
        """Let a sweep's further pages leave at once, on what was held for it.

        False, and nothing done but that the budget is let go of, where the lane cannot pay.
        """
        now, extra = self.clock.monotonic(), len(burst) - sweep.held
        if self.has_stopped or (extra > 0 and not self.lane.can_pay(extra, now)):
            self.let_go(sweep)
            return False
        self.let_go(sweep)
        self.lane.pay(len(burst))
        _mark_ready(burst, now)
        self._leaving.extend(burst)
        self._changed.set()
        return True

    def let_go(self, sweep: OpenSweep) -> None:
        """Return the budget that is held for a sweep."""
        self.lane.window.give_back(sweep.held)
        sweep.held = 0
        self._changed.set()

    def ask(self, burst: Burst) -> None:
        """Put a burst in the queue; of one larger than the whole budget as much leaves as fits."""
        if self.has_stopped:
            self.given_up += burst
        elif burst:
            _mark_ready(burst, self.clock.monotonic())
            self._waiting.append(burst)
        self._changed.set()

    def ask_again(self, ask: Ask, after: float) -> None:
        """Put a failed question back, to leave in ``after`` seconds at the earliest."""
        due = self.clock.monotonic() + after
        heapq.heappush(self._delayed, (due, next(self._numbers), ask))
        self._changed.set()

    def answered(self) -> None:
        """Note that a question is settled, one way or the other."""
        self._out -= 1
        self._changed.set()

    def drain(self, reason: str) -> None:
        """Begin nothing new; what has begun goes on."""
        self.stopped = self.stopped or reason
        self._draining = True
        self._drawn = []
        self._changed.set()

    def stop(self, reason: str) -> None:
        """Give up everything that has not left; it is listed in ``given_up``."""
        self.drain(reason)
        self.has_stopped = True
        self.lane.window.give_back(len(self._leaving))
        self.given_up += self._leaving
        self.given_up += (ask for burst in self._waiting for ask in burst)
        self.given_up += (ask for _, _, ask in self._delayed)
        for queue in (self._leaving, self._waiting, self._delayed):
            queue.clear()

    async def next(self) -> Ask | None:
        """Wait until a question may leave; None when there is nothing left to ask."""
        while True:
            self._changed.clear()
            now = self.clock.monotonic()
            ask = self._take(now)
            if ask is not None:
                ask.left_at = now
                self._out += 1
                return ask
            if self._is_done():
                return None
            await self.clock.wait(self._changed, self._next_chance(now))

    def _take(self, now: float) -> Ask | None:
        if self._out >= self.width:
            return None
        if self._leaving and self.lane.is_paused(now):
            self._call_back(now)
        if not self._leaving:
            self._wake_delayed(now)
            self._pay_for_first(now)
        return self._leaving.popleft() if self._leaving else None

    def _call_back(self, now: float) -> None:
        """Return to the queue what the lane has paid for, but was stopped before it left."""
        self.lane.window.give_back(len(self._leaving))
        burst = list(self._leaving)
        _mark_ready(burst, now)
        self._waiting.appendleft(burst)
        self._leaving.clear()

    def _wake_delayed(self, now: float) -> None:
        while self._delayed and self._delayed[0][0] <= now:
            _, _, ask = heapq.heappop(self._delayed)
            ask.ready_at = now
            self._waiting.appendleft([ask])

    def _first(self, now: float) -> Burst:
        """The burst that is due: one that waits, else the plan's next, which is only looked at."""
        if self._waiting:
            return self._waiting[0]
        if not self._drawn and not self._draining:
            self._drawn = next(self.plan, [])
            _mark_ready(self._drawn, now)
        return self._drawn

    def _pay_for_first(self, now: float) -> None:
        burst = self._first(now)
        leaving = self._payable(burst)
        if not leaving or not self.lane.can_pay(_price(leaving), now):
            return
        del burst[: len(leaving)]
        if self._waiting and not self._waiting[0]:
            self._waiting.popleft()
        self.lane.pay(_price(leaving))
        self._begin_sweeps(leaving)
        _count_waits(leaving, now)
        self._leaving.extend(leaving)

    def _payable(self, burst: Burst) -> Burst:
        """What of a burst can leave together: all of it, a budget's worth, or a probe."""
        if self.lane.is_open:
            for ask in burst[:1]:
                ask.holds = 0
            return burst[:1]
        size = len(burst)
        while size > 1 and _price(burst[:size]) > self.lane.window.budget:
            size -= 1
        return burst[:size]

    def _begin_sweeps(self, leaving: Burst) -> None:
        for ask in leaving:
            if ask.sweep is not None and not ask.sweep.is_begun:
                ask.sweep.is_begun = True
                ask.sweep.held += ask.holds
                self.on_begin(ask.sweep)

    def _is_done(self) -> bool:
        return not (self._out or self._leaving or self._waiting or self._delayed or self._drawn)

    def _next_chance(self, now: float) -> float | None:
        """Seconds until something may leave; None where only an answer can change that."""
        if self._out >= self.width:
            return None
        moments = [self._delayed[0][0]] if self._delayed else []
        if burst := self._first(now):
            ready = self.lane.ready_at(_price(self._payable(burst)), now)
            moments += [] if ready is None else [ready]
        return max(min(moments) - now, 0.0) if moments else None


def _price(burst: Burst) -> int:
    """Requests that a burst leads to, as far as is known."""
    return sum(1 + ask.holds for ask in burst)


def _mark_ready(burst: Burst, now: float) -> None:
    for ask in burst:
        ask.ready_at = now


def _count_waits(asks: Burst, now: float) -> None:
    """Note what a sweep waited for the budget: a burst waits once, however many its pages."""
    for sweep in {ask.sweep: None for ask in asks if ask.sweep is not None}:
        sweep.waited += now - min(ask.ready_at for ask in asks if ask.sweep is sweep)
