"""A lane: one egress address with its own budget, pauses and circuit breaker."""

import logging

from p2p_scrapy.budget.window import Window

logger = logging.getLogger(__name__)

LADDER = (60.0, 120.0, 240.0, 480.0)
"""Seconds of the pauses that follow each other where the exchange does not say how long."""
FAILURES_TO_OPEN = 10
PROBES_TO_LOSE = 3


class Lane:
    """The budget of one address, and whether it may be used now.

    After 10 failures running the circuit is open: once the pause is over a single request, the
    probe, may leave; its success closes the circuit, three lost probes lose the lane. Times are
    seconds of a monotonic clock.
    """

    def __init__(self, name: str, budget: int) -> None:
        self.name = name
        self.window = Window(budget)
        self.failures_running = 0
        self.pauses = 0
        self._pauses_running = 0
        self.paused_until = 0.0
        self._paused_at = 0.0
        self._lost_probes = 0
        self._probing = False

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

    def can_pay(self, count: int, now: float) -> bool:
        """Whether that many requests may leave now."""
        if self.is_paused(now) or (self.is_open and self._probing):
            return False
        return self.window.available(now) >= (1 if self.is_open else count)

    def pay(self, count: int) -> None:
        """Reserve that many requests; on an open circuit the first of them is the probe."""
        self.window.reserve(count)
        self._probing = self.is_open

    def ready_at(self, count: int, now: float) -> float | None:
        """When that many can leave; None where an answer has to come first."""
        if self.is_open and self._probing:
            return None
        free = self.window.free_at(1 if self.is_open else count, now)
        return None if free is None else max(free, self.paused_until)

    def succeeded(self) -> None:
        """Note a good answer: the circuit closes."""
        if self.is_open:
            logger.info("Lane %s answers again", self.name)
        self.failures_running = 0
        self._pauses_running = 0
        self._lost_probes = 0
        self._probing = False

    def failed(
        self, now: float, asked_at: float, *, blocked: bool, retry_after: float | None = None
    ) -> None:
        """Note an answer that speaks against the lane; ``blocked`` ones pause it at once."""
        lost_probe = self._probing and asked_at >= self._paused_at
        self._probing = self._probing and not lost_probe
        self._lost_probes += lost_probe
        self.failures_running += 1
        if blocked or lost_probe or self.failures_running == FAILURES_TO_OPEN:
            self._pause(now, asked_at, retry_after)

    def _pause(self, now: float, asked_at: float, seconds: float | None) -> None:
        """Stop the lane, for ``seconds`` or by the ladder.

        Answers to requests that left before the last pause began tell nothing new: they lengthen
        it at most, and climb no step.
        """
        if self.pauses and asked_at < self._paused_at:
            self.paused_until = max(self.paused_until, now + (seconds or 0.0))
            return
        step = LADDER[min(self.pauses, len(LADDER) - 1)]
        if seconds is None or self.is_open or self._pauses_running:
            seconds = max(seconds or 0.0, step)  # a named wait that proved too short is not trusted
        self.pauses += 1
        self._pauses_running += 1
        self._paused_at = now
        self.paused_until = now + seconds
        logger.warning("Lane %s pauses for %.0f s", self.name, self.paused_until - now)
