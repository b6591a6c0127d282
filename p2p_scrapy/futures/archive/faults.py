"""What is wrong with a file's content: counted, with the rows it was found in."""

from dataclasses import dataclass, field

import msgspec
import numpy as np

from p2p_scrapy.futures.archive.rows import Mask, Numbers

RANGES_KEPT = 1000
"""Ranges of row numbers that are kept of each kind; how many rows there are is always told."""
_RANGES_SHOWN = 5


class Fault(msgspec.Struct, frozen=True):
    """One kind of fault of a file.

    Attributes:
        kind: what is wrong, in words.
        count: rows it concerns.
        rows: their numbers as ranges, both ends included; the first row below the header is 1.
    """

    kind: str
    count: int
    rows: list[tuple[int, int]]

    def __str__(self) -> str:
        shown = ", ".join(
            f"{first}" if first == last else f"{first}-{last}"
            for first, last in self.rows[:_RANGES_SHOWN]
        )
        more = ", ..." if len(self.rows) > _RANGES_SHOWN else ""
        return f"{self.kind} in {self.count:,} rows (row {shown}{more})"


@dataclass
class _Found:
    count: int = 0
    ranges: list[tuple[int, int]] = field(default_factory=list)


class Faults:
    """Gathers them while a file is read."""

    def __init__(self) -> None:
        self._found: dict[str, _Found] = {}

    def note(self, kind: str, is_wrong: Mask, numbers: Numbers) -> None:
        """Count the rows where something is wrong."""
        if not is_wrong.any():
            return
        wrong = numbers[is_wrong]
        found = self._found.setdefault(kind, _Found())
        found.count += len(wrong)
        if len(found.ranges) < RANGES_KEPT:
            found.ranges += _ranges(wrong)[: RANGES_KEPT - len(found.ranges)]

    def told(self) -> list[Fault]:
        """All of them."""
        return [Fault(kind, each.count, each.ranges) for kind, each in self._found.items()]


def _ranges(numbers: Numbers) -> list[tuple[int, int]]:
    """Runs of neighbouring numbers."""
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    firsts = numbers[np.concatenate(([0], breaks + 1))]
    lasts = numbers[np.concatenate((breaks, [len(numbers) - 1]))]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))
