"""The exchange's request limit: so many a client in any 60 s."""

from collections import deque

_MINUTE = 60.0


class Limit:
    """A sliding window a client; refused requests do not fill it.

    Attributes:
        per_minute: how many are let through; 0 for all.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._passed: dict[str, deque[float]] = {}

    def wait(self, client: str, now: float) -> float:
        """Let a request through, or say how many seconds until the next one could pass.

        Returns:
            0.0 for one that passed.
        """
        if not self.per_minute:
            return 0.0
        passed = self._passed.setdefault(client, deque())
        while passed and passed[0] <= now - _MINUTE:
            passed.popleft()
        if len(passed) >= self.per_minute:
            return passed[len(passed) - self.per_minute] + _MINUTE - now
        passed.append(now)
        return 0.0
