"""How long to wait before a lost connection is opened anew."""

from random import Random

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 60.0


class Backoff:
    """1, 2, 4, ... 60 s, each by up to a half less, from the start again after a good one."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._seconds = FIRST_SECONDS

    def good(self) -> None:
        """A connection has delivered something."""
        self._seconds = FIRST_SECONDS

    def next(self) -> float:
        """Seconds to wait now."""
        wait = self._seconds * self._rng.uniform(0.5, 1.0)
        self._seconds = min(self._seconds * 2, LONGEST_SECONDS)
        return wait
