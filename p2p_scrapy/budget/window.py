"""A sliding window of 60 seconds: how many requests a lane can still pay for."""

from collections import deque

SECONDS = 60.0


class Window:
    """Counts requests so that no 60 seconds at the exchange see more than ``budget`` of them.

    A request is held against the window from the moment it is reserved until 60 s after its
    answer came. It reached the exchange some time in between, so the count is never too low,
    however long it queued or travelled; the price is a round trip in each minute.

    ``budget`` may change at any time. What has left under a larger one still counts, so there may
    be less than nothing to give until enough of it is a minute old.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.out = 0
        self.settled: deque[float] = deque()

    def available(self, now: float) -> int:
        """How many requests can leave now; times are seconds of a monotonic clock."""
        return self.budget - self.out - self.recent(now)

    def recent(self, now: float) -> int:
        """How many answers came within the last 60 seconds."""
        while self.settled and self.settled[0] + SECONDS <= now:
            self.settled.popleft()
        return len(self.settled)

    def reserve(self, count: int) -> None:
        """Take ``count`` requests out of the budget."""
        self.out += count

    def remember(self, settled: list[float]) -> None:
        """Count requests of an earlier run; moments in the order of time."""
        self.settled.extendleft(reversed(settled))

    def settle(self, now: float) -> None:
        """Note that an answer came, or that none will."""
        self.out -= 1
        self.settled.append(now)

    def give_back(self, count: int) -> None:
        """Return reserved requests that never left."""
        self.out -= count

    def free_at(self, count: int, now: float) -> float | None:
        """When ``count`` can leave; None where that depends on answers not yet here."""
        lacking = min(count, self.budget) - self.available(now)
        if lacking <= 0:
            return now
        if lacking > len(self.settled):
            return None
        return self.settled[lacking - 1] + SECONDS
