"""A lane: one egress address with its own budget, pauses and circuit breaker."""

import logging
from collections import deque
from typing import TYPE_CHECKING

from p2p_scrapy.budget.allowance import Allowance, Failing
from p2p_scrapy.budget.window import SECONDS, Window

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

LADDER = (60.0, 120.0, 240.0, 480.0)
"""Seconds of the pauses that follow each other where the exchange does not say how long."""
FAILURES_TO_OPEN = 10
PROBES_TO_LOSE = 3
ABREAST_AFTER_PAUSE = 4
"""Requests: what is on the wire when the first refusal comes is mostly refused as well."""


class Lane:
    """The budget of one address, and whether it may be used now.

    ``budget`` is where it starts, in requests a minute; it adapts from ``least`` to ``most``, and
    stands still where they are not given. A refusal halves it, once a pause, and good answers let
    it grow. ``rung`` is how many pauses of the ladder were climbed since the last whole good batch.

    After 10 failures running the circuit is open: once the pause is over a single request, the
    probe, may leave; its success closes the circuit, three lost probes lose the lane. After a
    refusal little is out at a time, 4 requests or a burst alone, until a whole budget of good
    answers has come. Times are seconds of a monotonic clock. ``on_pay`` is told of requests that
    are about to leave, and ``on_pause`` that the lane has begun to pause.
    """

    def __init__(
        self, name: str, budget: int, least: int | None = None, most: int | None = None
    ) -> None:
        self.name = name
        self.allowance = Allowance(budget, least or budget, most or budget)
        self.window = Window(budget)
        self.setting = self.start = self.lowest = budget
        self.failures_running = 0
        self.pauses = 0
        self.rung = 0
        self.answers = 0
        self.paused_until = 0.0
        self.on_pay: Callable[[int], None] = lambda _: None
        self.on_pause: Callable[[], None] = lambda: None
        self._pauses_running = 0
        self._paused_at = float("-inf")
        self._lost_probes = 0
        self._probing = False
        self._refused: deque[float] = deque()
        self._untried = 0

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: only probes may leave."""
        return self.failures_running >= FAILURES_TO_OPEN

    @property
    def is_lost(self) -> bool:
        """Whether three probes were lost."""
        return self._lost_probes >= PROBES_TO_LOSE

    def is_paused(self, now: float) -> bool:
        """Whether nothing at all may leave."""
        return now < self.paused_until

    def pause_until(self, moment: float) -> None:
        """Go on with a pause of an earlier run."""
        self.paused_until = moment

    def resume(self, budget: float, failing: Failing | None) -> None:
        """Go on with the budget of an earlier run, as far as the bounds let it."""
        self.allowance.resume(budget, failing)
        self.window.budget = self.start = self.lowest = self.allowance.per_minute

    def can_pay(self, count: int, now: float) -> bool:
        """Whether that many requests may leave now."""
        if self.is_paused(now) or self._waits_for_answer(count):
            return False
        return self.window.available(now) >= (1 if self.is_open else count)

    def pay(self, count: int) -> None:
        """Reserve that many requests; on an open circuit the first of them is the probe."""
        self.window.reserve(count)
        self._probing = self.is_open
        self.on_pay(count)

    def ready_at(self, count: int, now: float) -> float | None:
        """When that many can leave; None where an answer has to come first."""
        if self._waits_for_answer(count):
            return None
        free = self.window.free_at(1 if self.is_open else count, now)
        return None if free is None else max(free, self.paused_until)

    def succeeded(self, now: float) -> None:
        """Note a good answer: the circuit closes, and the budget grows."""
        if self.is_open:
            logger.info("Lane %s answers again", self.name)
        self.answers += 1
        self.failures_running = 0
        self._pauses_running = 0
        self._lost_probes = 0
        self._probing = False
        if self.is_paused(now):
            self.allowance.passed_too()
        else:
            self.allowance.grow(now)
            self._untried = max(self._untried - 1, 0)
        self.window.budget = self.allowance.per_minute

    def failed(
        self,
        now: float,
        asked_at: float,
        *,
        blocked: bool,
        retry_after: float | None = None,
        spares_budget: bool = False,
    ) -> None:
        """Note an answer that speaks against the lane; ``blocked`` ones pause it at once.

        They speak against its budget too, but for those that ``spares_budget`` is said of.
        """
        lost_probe = self._probing and asked_at >= self._paused_at
        self._probing = self._probing and not lost_probe
        self._lost_probes += lost_probe
        self.failures_running += 1
        if blocked:
            self._refused.append(now)
        if not (blocked or lost_probe or self.failures_running == FAILURES_TO_OPEN):
            return
        if asked_at < self._paused_at:
            self._lengthen(now + (retry_after or 0.0))
            return
        if blocked and not spares_budget:
            self._ask_less(now)
        self._pause(now, retry_after)

    def _waits_for_answer(self, count: int) -> bool:
        """Whether so many may not leave before an answer has come."""
        if self.is_open:
            return self._probing
        out = self.window.out
        return self._untried > 0 and out > 0 and out + count > ABREAST_AFTER_PAUSE

    def _lengthen(self, until: float) -> None:
        """Meet an answer to what had left before the pause: it tells nothing new but its wait."""
        self.paused_until = max(self.paused_until, until)

    def _ask_less(self, now: float) -> None:
        passed = self._passed(now)
        self.allowance.halve(now, passed)
        self.window.budget = self.allowance.per_minute
        self.lowest = min(self.lowest, self.window.budget)
        self._untried = self.window.budget
        told = "Lane %s was refused after %d requests in a minute; it asks %d a minute from here on"
        logger.warning(told, self.name, passed, self.window.budget)

    def _passed(self, now: float) -> int:
        """Answers of the last minute that were no refusals."""
        while self._refused[0] + SECONDS <= now:
            self._refused.popleft()
        return max(self.window.recent(now) - len(self._refused), 0)

    def _pause(self, now: float, seconds: float | None) -> None:
        """Stop the lane, for ``seconds`` or by the ladder."""
        step = LADDER[min(self.rung, len(LADDER) - 1)]
        if seconds is None or self.is_open or self._pauses_running:
            seconds = max(seconds or 0.0, step)  # a named wait that proved too short is not trusted
        self.pauses += 1
        self.rung += 1
        self._pauses_running += 1
        self._paused_at = now
        self.paused_until = now + seconds
        logger.warning("Lane %s pauses for %.0f s", self.name, seconds)
        self.on_pause()
