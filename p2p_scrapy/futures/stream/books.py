"""The local order books, as they are stored: at an interval, on demand, or after every change."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.book import Books
from p2p_scrapy.futures.frames import UnreadableAnswerError, decode_snapshot


class BookStore:
    """Books that are fed by the keeper, in the keeper's thread.

    Attributes:
        is_asked: a row of every book is wanted now, whatever the interval; set it to ask.
    """

    def __init__(self, levels: int, interval_seconds: float, clock: Clock) -> None:
        self.is_asked = False
        self._books = Books(levels, notes_each=not interval_seconds)
        self._interval = interval_seconds
        self._clock = clock
        self._due = clock.monotonic()

    def feed(self, diffs: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Take changes; the rows that are due."""
        for batch in diffs:
            self._books.feed(batch)
        if self.is_asked or (self._interval and self._clock.monotonic() >= self._due):
            self.is_asked = False
            self._due = self._clock.monotonic() + self._interval
            self._books.note()
        if (rows := self._books.rows()).num_rows:
            yield rows

    def next_wanted(self) -> str | None:
        """A symbol whose snapshot is asked for from now on; None where none is needed."""
        return self._books.next_wanted()

    def answer(self, symbol: str, body: bytes | None, at: int) -> None:
        """What the exchange answered (None: nothing of use), and when, µs."""
        try:
            if body is not None:
                self._books.offer(decode_snapshot(body, symbol), at)
                return
        except UnreadableAnswerError:
            pass
        self._books.give_up(symbol)
