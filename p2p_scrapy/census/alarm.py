"""What the census needs of whoever raises alerts."""

from collections.abc import Callable
from typing import Protocol


class Alarm(Protocol):
    """Raises each kind of alert once a batch; ``raised`` are the kinds so far.

    Whoever is in ``on_raised`` is given kind and error of each, and of what is added.
    """

    raised: list[str]
    on_raised: list[Callable[[str, str], None]]

    def call(self, kind: str, error: str, cause: BaseException | None = None) -> None:
        """Raise an alert."""

    def add(self, kind: str, news: str) -> None:
        """Raise an alert, or add to the one that was raised."""

    def failures_are(self, count: int) -> None:
        """Tell how many batches have failed running, this one included."""
