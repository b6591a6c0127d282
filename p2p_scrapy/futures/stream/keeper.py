"""Keeps what arrives: first in the journal, then in the open window, at last in files."""

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from p2p_scrapy.clock import Clock
from p2p_scrapy.errors import DiskFullError
from p2p_scrapy.futures.stream.books import BookStore
from p2p_scrapy.futures.stream.events import BookRows, Event
from p2p_scrapy.futures.stream.ledger import Ledger
from p2p_scrapy.futures.stream.moments import micros
from p2p_scrapy.futures.stream.recovery import recover
from p2p_scrapy.futures.stream.routes import Line
from p2p_scrapy.futures.stream.segment import Began, Segment, segments
from p2p_scrapy.futures.stream.sinks import sink_of
from p2p_scrapy.futures.stream.window import Window

SYNC_SECONDS = 0.5
"""How often the journal is brought to the disk at least: with the time between two batches, no
more than a second is ever on its way."""


@dataclass(frozen=True, slots=True)
class Flushing:
    """When a window ends, and the form of its files."""

    seconds: float
    records: int
    sink: str


class Keeper:
    """Every method blocks on the disk: they are called from one worker thread, one at a time.

    Attributes:
        ledger: what the events come to.
        books: the local order books; None where no diffs are streamed.
    """

    def __init__(
        self,
        data_dir: Path,
        lines: Sequence[Line],
        flushing: Flushing,
        clock: Clock,
        books: BookStore | None,
    ) -> None:
        self._data_dir = data_dir
        self._lines = tuple(lines)
        self._flushing = flushing
        self._clock = clock
        self._sink = sink_of(flushing.sink, data_dir)
        self.books = books
        before = recover(data_dir)
        self._number = before.number if before else 0
        self._began = self._synced = 0.0
        self._sizes: dict[str, int] = {}
        window = Window(self._name(before.window if before else ""))
        self.ledger = Ledger(lines, window, micros(clock.now()))
        if before:
            self.ledger.restore(before.state)
        self._segment = self._begin()

    def keep(self, events: Sequence[Event]) -> None:
        """Take events.

        Raises:
            DiskFullError: there is no room; what was kept before is recovered by the next start.
            OSError: any other trouble of the disk.
        """
        self._flush_if_due()
        self._journal(events)
        for event in events:
            self.ledger.apply(event)
        self._keep_books()
        self._flush_if_due()

    def close(self) -> None:
        """Tell what is still open, write the files, and leave the state for the next start.

        Raises:
            DiskFullError: there is no room; the next start writes them.
        """
        self.ledger.settle()
        self._flush()
        self._segment.close()

    def _journal(self, events: Iterable[Event]) -> None:
        for event in events:
            self._segment.append(event)
        if self._clock.monotonic() >= self._synced + SYNC_SECONDS:
            self._segment.sync()
            self._synced = self._clock.monotonic()

    def _keep_books(self) -> None:
        diffs, self.ledger.admitted = self.ledger.admitted, []
        if self.books is not None:
            rows = [BookRows.of(batch) for batch in self.books.feed(diffs)]
            self._journal(rows)
            for event in rows:
                self.ledger.apply(event)

    def _flush_if_due(self) -> None:
        window = self.ledger.window
        is_old = self._clock.monotonic() >= self._began + self._flushing.seconds
        is_full = window.records >= self._flushing.records
        is_of_yesterday = window.day < f"{self._clock.now():%Y-%m-%d}"
        if is_old or is_full or is_of_yesterday:
            self._flush()

    def _flush(self) -> None:
        """Files first, then the new journal, then the old one goes: a kill leaves one or both."""
        window, figures = self.ledger.window, self.ledger.figures
        try:
            written = self._sink.write(window, self._sizes)
            figures.records.update({name.value: count for name, count in written.items()})
            figures.gaps.update(gap.reason for gap in window.gaps if not gap.healed)
            self.ledger.window = Window(self._name(window.name))
            self._segment.close()
            self._segment = self._begin()
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(f"no space left in {self._data_dir}") from error
            raise

    def _begin(self) -> Segment:
        window = self.ledger.window
        self._number += 1
        self._began = self._synced = self._clock.monotonic()
        self._sizes = self._sink.sizes(window)
        began = Began(
            self._number,
            window.name,
            self._flushing.sink,
            self._lines,
            self._sizes,
            self.ledger.state(),
        )
        segment = Segment(self._data_dir, began, self.ledger.story())
        for path in segments(self._data_dir):
            if path != segment.path:
                path.unlink()
        return segment

    def _name(self, before: str) -> str:
        """Later than any name before, even if the clock was set back."""
        stem = f"{self._clock.now():%Y%m%d_%H%M%S}"
        last, _, count = before.rpartition("_")
        return f"{stem}_000" if stem > last else f"{last}_{int(count) + 1:03d}"
