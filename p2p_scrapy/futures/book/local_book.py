"""A symbol's local book as the stream goes on: synchronised, or on its way there.

Changes are buffered until a snapshot stands among them; a broken chain begins that anew. While the
book runs short of known levels a fresh snapshot is wanted too, and the old book goes on meanwhile.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from p2p_scrapy.futures.book.book import Book
from p2p_scrapy.futures.book.change import Change, Fit, fit
from p2p_scrapy.futures.frames import Snapshot

_BEFORE_ASKING = 20
"""Changes kept before a snapshot is asked for, two seconds: REST may lag behind the stream."""
_WHILE_ASKED = 10_000
"""Changes kept while one is asked for. More arrive only where no answer comes for a quarter of an
hour; the snapshot does not fit then, and the next one is asked for."""


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """Updates of a symbol that never arrived: those between two changes that were received.

    ``last_id`` is the last update seen, ``next_previous_id`` the one that the next change follows;
    the times are our clock's for those two changes, microseconds since 1970 UTC.
    """

    symbol: str
    last_id: int
    next_previous_id: int
    last_received_us: int
    received_us: int


class LocalBook:
    """The book of one symbol; ``levels`` is how many a side of it must be known."""

    def __init__(self, symbol: str, levels: int) -> None:
        self.symbol = symbol
        self.book: Book | None = None
        self.is_asked = False
        self._levels = levels
        self._seen: Change | None = None
        self._kept: deque[Change] = deque(maxlen=_BEFORE_ASKING)

    @property
    def last_id(self) -> int | None:
        """The last update in the book; None where there is none."""
        return None if self.book is None else self.book.last_id

    @property
    def wants_snapshot(self) -> bool:
        """Whether one should be asked for now: not before a change shows where the stream is."""
        return bool(self._kept) and not self.is_asked

    def take(self, change: Change) -> BrokenChain | None:
        """Take the stream's next change; what is missing before it, if anything is."""
        broken = None
        if self._seen is not None:
            verdict = fit(change, self._seen.final_id, self._seen.transaction_ms)
            if verdict is Fit.STALE:
                return None
            if verdict is Fit.BROKEN:
                broken = self._start_over(self._seen, change)
        self._seen = change
        if self.book is not None:
            self.book.apply(change)
        if self.book is None or self.is_asked or self.book.is_short_of(2 * self._levels):
            self._kept.append(change)
        return broken

    def ask(self) -> None:
        """A snapshot is asked for from now on."""
        self.is_asked = True
        self._kept = deque(self._kept, maxlen=_WHILE_ASKED)

    def give_up(self) -> None:
        """The snapshot that was asked for does not come; another one is wanted."""
        self.is_asked = False
        self._kept = deque(self._kept, maxlen=_BEFORE_ASKING)

    def offer(self, snapshot: Snapshot, received_us: int, note: Callable[[Book], None]) -> bool:
        """Make the book of a snapshot and the changes kept; whether they fit together.

        ``note`` is given the book as the snapshot has it, and again after each change since.
        """
        book = Book(snapshot, received_us)
        # The changes kept are one chain, so that the first one speaks for all.
        if self._kept and book.fit(self._kept[0]) is Fit.BROKEN:
            self.give_up()
            return False
        note(book)
        for change in self._kept:
            if book.apply(change) is Fit.NEXT:
                note(book)
        self.book = book
        self.is_asked = False
        self._kept = deque(maxlen=_BEFORE_ASKING)
        return True

    def _start_over(self, last: Change, change: Change) -> BrokenChain:
        self.book = None
        self._kept.clear()
        return BrokenChain(
            self.symbol, last.final_id, change.previous_id, last.received_us, change.received_us
        )
