"""The local books of all symbols of a run."""

import pyarrow as pa

from p2p_scrapy.futures.book.book import Book
from p2p_scrapy.futures.book.change import changes
from p2p_scrapy.futures.book.local_book import BrokenChain, LocalBook
from p2p_scrapy.futures.book.rows import BookRows
from p2p_scrapy.futures.frames import Snapshot


class Books:
    """Keeps a book for every symbol whose changes it is fed.

    ``levels`` is how many a side the rows show. ``notes_each`` makes a row after every change of a
    synchronised book; otherwise rows are made by ``note`` alone. Not safe for several threads.
    """

    def __init__(self, levels: int, *, notes_each: bool) -> None:
        self._levels = levels
        self._notes_each = notes_each
        self._books: dict[str, LocalBook] = {}
        self._rows = BookRows(levels)

    def feed(self, diffs: pa.RecordBatch) -> list[BrokenChain]:
        """Take the stream's next changes (DEPTH_SCHEMA); what turned out to be missing of it."""
        broken = []
        for symbol, change in changes(diffs):
            local = self._of(symbol)
            before = local.last_id
            if (missing := local.take(change)) is not None:
                broken.append(missing)
            if self._notes_each and local.book is not None and local.last_id != before:
                self._rows.add(local.book)
        return broken

    def next_wanted(self) -> str | None:
        """A symbol that needs a snapshot, which is taken as asked for now; None: none does.

        Answer with ``offer`` or ``give_up``. Who has waited longest comes first.
        """
        for symbol, local in self._books.items():
            if local.wants_snapshot:
                self._books[symbol] = self._books.pop(symbol)
                local.ask()
                return symbol
        return None

    def offer(self, snapshot: Snapshot, received_us: int) -> bool:
        """Take the snapshot of a symbol asked for; whether it fits the changes since.

        It does not where the answer is older than they are; the symbol is then wanted again.
        ``received_us`` is our clock, microseconds since 1970 UTC.
        """
        note = self._rows.add if self._notes_each else _pass_over
        return self._of(snapshot.symbol).offer(snapshot, received_us, note)

    def give_up(self, symbol: str) -> None:
        """The snapshot of a symbol asked for does not come: it is wanted again."""
        self._of(symbol).give_up()

    def note(self) -> None:
        """Make a row of every synchronised book as it is now."""
        for local in self._books.values():
            if local.book is not None:
                self._rows.add(local.book)

    def rows(self) -> pa.RecordBatch:
        """All rows made so far (BOOK_SCHEMA), which are handed over."""
        rows, self._rows = self._rows, BookRows(self._levels)
        return rows.batch()

    def _of(self, symbol: str) -> LocalBook:
        local = self._books.get(symbol)
        if local is None:
            local = self._books[symbol] = LocalBook(symbol, self._levels)
        return local


def _pass_over(book: Book) -> None:
    """Make no row of it."""
