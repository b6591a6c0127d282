"""A sweep beside what stood in its book while it was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.proof.reading import Reading

Interval = dict[str, Any]
"""What ``/exchange/interval`` tells: ``at_start`` and ``changes``."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What of a sweep is true.

    Attributes:
        stayed: ads that stood in the book from the sweep's start to its end.
        missed: how many of these it does not hold.
        strangers: ads that it holds, but that stood in the book at no moment of it.
        is_snapshot: whether at some moment of it the book was exactly what it holds.
    """

    reading: Reading
    stayed: int
    missed: int
    strangers: int
    is_snapshot: bool

    @property
    def is_complete(self) -> bool:
        """Whether the sweep calls itself complete."""
        return self.reading.verdict == "complete"

    @property
    def is_false(self) -> bool:
        """Whether it calls itself complete, and at no moment was: the strictest reading."""
        return self.is_complete and not self.is_snapshot


def judge(reading: Reading, interval: Interval) -> Judgement:
    """Compare a sweep with the exchange's own account of its interval."""
    start = set(interval["at_start"])
    changed = {number for _, number, _ in interval["changes"]}
    entered = {number for _, number, has_entered in interval["changes"] if has_entered}
    stayed = start - changed
    return Judgement(
        reading,
        len(stayed),
        len(stayed - reading.numbers),
        len(reading.numbers - start - entered),
        any(book == reading.numbers for book in _moments(start, interval["changes"])),
    )


def _moments(start: set[str], changes: Iterable[tuple[float, str, bool]]) -> Iterable[set[str]]:
    """The book at each moment of the interval."""
    book = set(start)
    yield book
    for _, number, has_entered in changes:
        (book.add if has_entered else book.remove)(number)
        yield book
