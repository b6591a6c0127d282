"""What the events of a stream come to: records, each once, and the gaps between them."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from items.futures import Dataset, Gap
from p2p_scrapy.futures.frames import Decoded, UnreadableAnswerError, decode_frames
from p2p_scrapy.futures.stream.connections import Connections
from p2p_scrapy.futures.stream.continuity import Continuity
from p2p_scrapy.futures.stream.events import (
    BookRows,
    Closed,
    Dropped,
    Event,
    Frames,
    GivenUp,
    Healed,
    Opened,
    Reason,
)
from p2p_scrapy.futures.stream.figures import Figures
from p2p_scrapy.futures.stream.healing import Wounds
from p2p_scrapy.futures.stream.routes import DATASETS, Line
from p2p_scrapy.futures.stream.standing import Standing
from p2p_scrapy.futures.stream.window import Window

if TYPE_CHECKING:
    import pyarrow as pa


class Ledger:
    """Puts records and gaps into the open window, event by event.

    The same events lead to the same records, so that what the journal holds after a kill comes
    to what would have been written.

    Attributes:
        window: what is collected until the next files; whoever closes it puts a new one here.
        wounds: gaps in the trades that may still be healed.
        figures: counts of the run.
        admitted: diffs that were admitted since somebody took them, for the local books.
    """

    def __init__(self, lines: Iterable[Line], window: Window, started: int) -> None:
        self.window = window
        self.wounds = Wounds()
        self.figures = Figures()
        self.admitted: list[pa.RecordBatch] = []
        self._connections = Connections()
        self._lines = {line.name: line for line in lines}
        self._datasets: dict[Dataset, Continuity] = {}
        self._consequences: dict[type[Event], Callable[[Any], None]] = {
            Opened: self._connections.open,
            Frames: self._frames,
            Closed: self._close,
            Dropped: self._drop,
            Healed: self._heal,
            GivenUp: self._give_up,
            BookRows: self._book,
        }
        for line in self._lines.values():
            for symbol, stream in line.streams:
                self._dataset(stream).standings.setdefault(symbol, Standing(since=started))

    def silent(self) -> list[str]:
        """The symbols of which nothing has ever come, by any stream."""
        heard: dict[str, bool] = {}
        for continuity in self._datasets.values():
            for symbol, standing in continuity.standings.items():
                heard[symbol] = heard.get(symbol, False) or standing.last_id is not None
        return [symbol for symbol, is_heard in heard.items() if not is_heard]

    def apply(self, event: Event) -> None:
        """Let an event have its consequences."""
        self._consequences[type(event)](event)

    def interrupt_all(self, reason: Reason, at: int) -> None:
        """Every connection that still stands is over."""
        while standing := self._connections.standing():
            for number in standing:
                self.apply(Closed(number, reason, at))

    def settle(self) -> None:
        """Tell all gaps that are open, since nothing more is done about them."""
        self.window.gaps += self.wounds.give_up_all()
        for line in self._lines.values():
            for symbol, stream in line.streams:
                self.window.gaps += self._dataset(stream).open_gaps([symbol])

    def state(self) -> dict[str, Any]:
        """What a new journal must know of all that was before it."""
        return {
            "standings": {
                continuity.stream: {s: asdict(each) for s, each in continuity.standings.items()}
                for continuity in self._datasets.values()
            },
            "wounds": self.wounds.keep(),
        }

    def story(self) -> Iterable[Event]:
        """The events that a new journal must begin with."""
        return self._connections.story()

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what ``state`` gave."""
        self.wounds = Wounds.restore(state["wounds"])
        for stream, standings in state["standings"].items():
            known = self._dataset(stream).standings
            for symbol, each in standings.items():
                known[symbol] = msgspec.convert(each, Standing)

    def _dataset(self, stream: str) -> Continuity:
        """Of a stream; the same data under another speed goes on where the last one ended."""
        dataset = DATASETS[stream]
        if dataset not in self._datasets:
            self._datasets[dataset] = Continuity(dataset, stream)
        return self._datasets[dataset]

    def _frames(self, event: Frames) -> None:
        if self._connections.line(event.number) is None:
            self._connections.hold(event)
            return
        decoded = decode_frames(event.frames, event.received)
        self.figures.frames += len(event.frames)
        self.figures.other += len(decoded.others)
        self.figures.note_broken(decoded.broken)
        self._admit(decoded)

    def _admit(self, decoded: Decoded) -> None:
        for dataset, continuity in self._datasets.items():
            batch: pa.RecordBatch = getattr(decoded, dataset.value)
            if not batch.num_rows:
                continue
            new, gaps = continuity.admit(batch, self.wounds.healed)
            self.window.add(dataset, new)
            self._gaps(gaps)
            if dataset is Dataset.DIFFS and new.num_rows:
                self.admitted.append(new)

    def _close(self, event: Closed) -> None:
        line = self._connections.line(event.number)
        held = self._connections.close(event)
        if line is not None:
            self._interrupt(line, event.reason, event.at)
        for frames in held:
            self._frames(frames)

    def _drop(self, event: Dropped) -> None:
        self.figures.dropped += event.count
        if (line := self._connections.line(event.number)) is not None:
            self._interrupt(line, Reason.DROPPED, event.at)

    def _interrupt(self, line: str, reason: Reason, at: int) -> None:
        for symbol, stream in self._lines[line].streams if line in self._lines else ():
            self._dataset(stream).interrupt([symbol], reason, at)

    def _heal(self, event: Healed) -> None:
        try:
            trades, gaps = self.wounds.heal(event.symbol, event.body, event.at)
        except UnreadableAnswerError:
            self.figures.unreadable += 1
            gaps = self.wounds.give_up(event.symbol)
        else:
            self.figures.healed += trades.num_rows
            self.window.add(Dataset.TRADES, trades)
        self.window.gaps += gaps

    def _give_up(self, event: GivenUp) -> None:
        self.window.gaps += self.wounds.give_up(event.symbol, event.from_id, event.until)

    def _book(self, event: BookRows) -> None:
        for batch in event.batches():
            self.window.add(Dataset.BOOK, batch)

    def _gaps(self, gaps: Iterable[Gap]) -> None:
        """Trades with known ids are asked for first; everything else is told as it is.

        Where ids begin anew, those of before mean nothing any more to the exchange.
        """
        for gap in gaps:
            are_trades = gap.stream == "aggTrade"
            if are_trades and gap.reason == Reason.RENUMBERED:
                self.window.gaps += self.wounds.give_up_all(gap.symbol)
            is_open = are_trades and not gap.healed and gap.ended_at is not None
            if is_open and gap.from_id is not None and gap.to_id is not None:
                self.wounds.add(gap)
            else:
                self.window.gaps.append(gap)
