"""Work that runs ahead of who takes it, in a thread of its own, by a bounded number of steps."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


class _Ahead(Generic[_Item]):
    """The queue between the two threads."""

    def __init__(self, items: Iterable[_Item], most: int) -> None:
        self._items = items
        self._queue: queue.Queue[_Item | _End] = queue.Queue(most)
        self._is_left = threading.Event()
        self._thread = threading.Thread(target=self._work, name="archive", daemon=True)
        self._thread.start()

    def taken(self) -> Iterator[_Item]:
        while not isinstance(item := self._queue.get(), _End):
            yield item
        if item.error is not None:
            raise item.error

    def leave(self) -> None:
        """Take no more: the thread ends with what it has in hand."""
        self._is_left.set()
        while self._thread.is_alive():
            while not self._queue.empty():
                self._queue.get()
            self._thread.join(0.01)

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                if self._is_left.is_set():
                    return
                self._queue.put(item)
        except BaseException as raised:  # noqa: BLE001 - it is raised where the items are taken
            error = raised
        finally:
            self._queue.put(_End(error))


@contextmanager
def ahead(items: Iterable[_Item], most: int = 2) -> Iterator[Iterator[_Item]]:
    """The same items, worked out up to ``most`` ahead; leaving the block ends the work.

    Unpacking, parsing and writing let go of the interpreter's lock, so each can have a core.
    """
    work = _Ahead(items, most)
    try:
        yield work.taken()
    finally:
        work.leave()
