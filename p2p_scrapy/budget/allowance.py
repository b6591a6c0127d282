"""How many requests a minute an address may make: found out by asking, within bounds."""

from dataclasses import dataclass

STEP = 1.1
"""What 100 good answers make of the budget (product page, section 6)."""
SLOW_STEP = 1.01
"""The same near the rate that last failed: a tenth of the step."""
NEAR = 0.9
"""The share of the failing rate from which on it is near."""
FIRST_HOLD = 600.0
"""Seconds that the budget stays below a rate which has failed once: an interval between batches.

Each time the rate fails again the hold is twice as long: a trouble that passes is soon forgiven,
and a limit that stands is seldom tried, for a try costs a pause and half the budget.
"""
LONGEST_HOLD = 86_400.0
"""Seconds; after a day a limit is tried again, however often it has stood."""
_ONE_ANSWER = 1 / 100
_JUST = 1e-6
"""Requests a minute: far less than one, and more than what fractions lose in a thousand steps."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A rate that was too much, in requests a minute: when it last failed, how often running.

    ``at`` is in seconds of a monotonic clock.
    """

    rate: int
    at: float
    times: int = 1

    def holds(self, now: float) -> bool:
        """Whether the rate is not yet to be tried again."""
        doubled = FIRST_HOLD * 2.0 ** min(self.times - 1, 10)
        return now < self.at + min(doubled, LONGEST_HOLD)

    def is_like(self, rate: int) -> bool:
        """Whether another rate that failed shows the same limit: they differ by a tenth at most."""
        return abs(rate - self.rate) <= (1 - NEAR) * self.rate


class Allowance:
    """The budget of a lane, from ``least`` to ``most``: halved by a refusal, and growing again.

    Good answers let it grow: by 10 % in 100 of them, by 1 % within the last tenth below the rate
    that failed. It does not come to that rate before its hold is over. All in requests a minute.
    """

    def __init__(self, start: int, least: int, most: int) -> None:
        self.exact = float(start)
        self.failing: Failing | None = None
        self._least = float(least)
        self._most = float(most)
        self._refusal: _Refusal | None = None

    @property
    def per_minute(self) -> int:
        """What may be asked in any minute; ``exact`` has the fraction too."""
        return int(self.exact + _JUST)

    def resume(self, exact: float, failing: Failing | None) -> None:
        """Go on where an earlier run ended, as far as the bounds let it."""
        self.exact = min(max(exact, self._least), self._most)
        self.failing = failing

    def grow(self, now: float) -> None:
        """Note a good answer."""
        if self.failing and NEAR * self.failing.rate <= self.exact < self.failing.rate:
            most = self.failing.rate - 2 * _JUST if self.failing.holds(now) else self._most
            step = SLOW_STEP
        else:
            most, step = self._most, STEP
        self.exact = max(self.exact, min(self.exact * step**_ONE_ANSWER, most, self._most))

    def halve(self, now: float, passed: int) -> None:
        """Note a refusal, when so many requests of the last minute had been answered well."""
        half = max(self.exact / 2, self._least)
        self._refusal = _Refusal(now, passed, self.per_minute, half, self.failing)
        self.exact = half
        self._learn(self._refusal)

    def passed_too(self) -> None:
        """Note a good answer that came after a refusal to a request that had left before it."""
        if self._refusal is not None:
            self._refusal.passed += 1
            self._learn(self._refusal)

    def _learn(self, refusal: "_Refusal") -> None:
        """Note the rate of a refusal as failing, and ask no more than passed.

        But not a rate that half the budget exceeds by far: either what is left of the budget fails
        at it as well, or the refusal was no question of the rate.
        """
        rate = min(refusal.passed + 1, refusal.budget)
        if rate >= NEAR * refusal.half:
            before = refusal.failing
            times = before.times + 1 if before and before.is_like(rate) else 1
            self.failing = Failing(rate, refusal.at, times)
            self.exact = max(min(refusal.half, rate - 2 * _JUST), self._least)


@dataclass(slots=True)
class _Refusal:
    """The last one: when, how much of which budget had passed, and what was known to fail."""

    at: float
    passed: int
    budget: int
    half: float
    failing: Failing | None
