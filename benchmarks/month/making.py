"""The maker of batches in a process of its own: the next ones are made while one is loaded."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Iterator
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from pathlib import Path

from benchmarks.month.batches import Batches, Calendar
from benchmarks.month.seed import Seed

_AHEAD = 2
"""So many batches wait to be loaded at most."""
_SAVE_EVERY = 50

_maker: "_Maker"


class _Maker:
    """Lives in the other process; its state never names a batch that has not been written."""

    def __init__(self, batches: Batches, known: AbstractSet[datetime]) -> None:
        self._batches = batches
        self._known = known

    def make(self, until: int) -> list[Path | None]:
        """The next batch, if there is one before ``until``."""
        if self._batches.index >= until:
            self.save()
            return []
        made = self._batches.next(self._known)
        if self._batches.index % _SAVE_EVERY == 0:
            self.save()
        return [made]

    def save(self) -> None:
        """Keep the state."""
        self._batches.save()


def made(
    folder: Path, calendar: Calendar, random_seed: int, known: AbstractSet[datetime], until: int
) -> Generator[Path, None, None]:
    """The manifests of the batches that are not known, up to the batch ``until``, in order.

    The folder holds the seed. What was made ahead when the caller stops remains in the lake.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, _begin, (folder, calendar, random_seed, known)) as pool:
        try:
            yield from _in_order(pool, until)
        finally:
            pool.submit(_save).result()


def _in_order(pool: ProcessPoolExecutor, until: int) -> Iterator[Path]:
    coming: deque[Future[list[Path | None]]] = deque()
    while True:
        while len(coming) < _AHEAD:
            coming.append(pool.submit(_make, until))
        found = coming.popleft().result()
        if not found:
            return
        yield from (path for path in found if path)


def _begin(
    folder: Path, calendar: Calendar, random_seed: int, known: AbstractSet[datetime]
) -> None:
    global _maker  # noqa: PLW0603 - a process of a pool has no other place
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # whoever loads decides when to stop
    _maker = _Maker(Batches(folder, calendar, Seed.read(folder), random_seed), known)


def _make(until: int) -> list[Path | None]:
    return _maker.make(until)


def _save() -> None:
    _maker.save()
