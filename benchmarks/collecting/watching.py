"""What a process and its children hold while they run, read from /proc."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Self

_SECONDS = 0.25
_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a daemon and at the batch it runs; memory is resident, in bytes.

    ``at`` is in seconds of the exchange since the beginning. ``files`` and ``sockets`` are what
    the daemon has open; ``batch`` is the memory of its largest child, 0 between batches.
    """

    at: float
    memory: int
    files: int
    sockets: int
    batch: int


class Watch:
    """Looks at a process, four times a real second, from ``with`` until its end."""

    def __init__(self, process: int, clock: Callable[[], float]) -> None:
        self.looks: list[Look] = []
        self._process = process
        self._clock = clock
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_SECONDS):
            with suppress(OSError):  # it has just ended
                self.look()

    def look(self) -> None:
        """Look now.

        Raises:
            OSError: the process is not there any more, or has just ended.
        """
        look = self._look()
        if not look.memory:
            raise ProcessLookupError(self._process)
        self.looks.append(look)

    def _look(self) -> Look:
        targets = [str(each.readlink()) for each in (_PROC / f"{self._process}/fd").iterdir()]
        return Look(
            self._clock(),
            _memory(self._process),
            len(targets),
            sum(target.startswith("socket:") for target in targets),
            max((_memory_if_there(child) for child in _children(self._process)), default=0),
        )


def _children(process: int) -> Iterator[int]:
    for task in (_PROC / f"{process}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def _memory(process: int) -> int:
    return int((_PROC / f"{process}/statm").read_text().split()[1]) * _PAGE


def _memory_if_there(process: int) -> int:
    try:
        return _memory(process)
    except OSError:
        return 0
