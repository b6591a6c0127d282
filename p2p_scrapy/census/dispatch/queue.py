"""What has not been paid for: bursts that wait, delayed retries, and the plan behind them."""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from p2p_scrapy.census.dispatch.ask import Ask, Burst, mark_ready
from p2p_scrapy.census.open_sweep import OpenSweep

LOOK_AHEAD = 32
"""Bursts of the plan that are looked at when its next one has to wait for the budget."""


@dataclass(slots=True)
class Queue:
    """Gives bursts in the order of their turn; ``plan`` is drawn from when nothing else waits.

    An empty burst in the plan is a gap: beyond it is drawn when all before it has left.
    """

    plan: Iterator[Burst] = field(default_factory=lambda: iter(()))
    waiting: deque[Burst] = field(default_factory=deque)
    _drawn: list[Burst] = field(default_factory=list)
    _delayed: list[tuple[float, int, Ask]] = field(default_factory=list)
    _is_draining: bool = False
    _is_at_gap: bool = False
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left; the plan's next burst is known once it was looked at."""
        return not (self.waiting or self._drawn or self._delayed)

    def delay(self, ask: Ask, due: float) -> None:
        """Keep a question until a moment."""
        heapq.heappush(self._delayed, (due, next(self._numbers), ask))

    def wake(self, now: float) -> None:
        """Put the delayed questions whose time has come before what waits."""
        due: list[Burst] = []
        while self._delayed and self._delayed[0][0] <= now:
            due.append([heapq.heappop(self._delayed)[2]])
            mark_ready(due[-1], now)
        self.waiting.extendleft(reversed(due))

    def next_due(self) -> float | None:
        """When the next delayed question is due."""
        return self._delayed[0][0] if self._delayed else None

    def in_turn(self, now: float) -> Iterator[Burst]:
        """What waits, then the plan, of which no more is drawn than is looked at."""
        yield from list(self.waiting)
        yield from list(self._drawn)
        while len(self._drawn) < LOOK_AHEAD and not self._is_draining:
            if self._is_at_gap and self._drawn:
                return
            burst = next(self.plan, None)
            if burst is None:
                return
            self._is_at_gap = not burst
            if burst:
                mark_ready(burst, now)
                self._drawn.append(burst)
                yield burst

    def take(self, burst: Burst, part: Burst) -> None:
        """Take the first questions of a burst out."""
        del burst[: len(part)]
        if not burst:
            queue = self.waiting if any(each is burst for each in self.waiting) else self._drawn
            at = next(at for at, each in enumerate(queue) if each is burst)
            del queue[at]

    def sweeps(self) -> list[OpenSweep]:
        """The sweeps that have begun and of which something waits."""
        asks = [*(ask for burst in self.waiting for ask in burst), *self._late()]
        found = {ask.sweep: None for ask in asks if ask.sweep is not None}
        return [sweep for sweep in found if sweep.is_begun]

    def withdraw(self, sweep: OpenSweep) -> Burst:
        """Take everything of a sweep out."""
        asks = [ask for burst in self.waiting for ask in burst if ask.sweep is sweep]
        asks += [ask for ask in self._late() if ask.sweep is sweep]
        kept = ([ask for ask in burst if ask.sweep is not sweep] for burst in self.waiting)
        self.waiting = deque(burst for burst in kept if burst)
        self._delayed = [each for each in self._delayed if each[2].sweep is not sweep]
        heapq.heapify(self._delayed)
        return asks

    def plan_anew(self, plan: Iterator[Burst]) -> None:
        """Draw from another plan; what was drawn from the last one and has not left is dropped."""
        self.plan = plan
        self._is_at_gap = False
        self._drawn.clear()

    def drain(self) -> None:
        """Let nothing of the plan come any more."""
        self._is_draining = True
        self._drawn.clear()

    def clear(self) -> Burst:
        """Give up everything."""
        asks = [*(ask for burst in self.waiting for ask in burst), *self._late()]
        self.waiting.clear()
        self._delayed.clear()
        return asks

    def _late(self) -> Burst:
        return [ask for _, _, ask in self._delayed]
