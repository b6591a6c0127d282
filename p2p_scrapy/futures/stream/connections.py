"""Which connection of a line counts, while a new one already stands."""

from collections.abc import Iterable, Iterator

from p2p_scrapy.futures.stream.events import Closed, Event, Frames, Opened


class Connections:
    """At a hand-over the new connection's frames are held until the old one is closed.

    Then they follow the old one's: all that both have seen comes twice, one after the other, and
    nothing lies between. So there is never a moment at which one must choose between two.
    """

    def __init__(self) -> None:
        self._lines: dict[int, str] = {}
        self._current: dict[str, int] = {}
        self._held: dict[int, list[Frames]] = {}

    def open(self, event: Opened) -> None:
        """A connection stands; where its line has one already, it has to wait."""
        self._lines[event.number] = event.line
        if event.line in self._current:
            self._held[event.number] = []
        else:
            self._current[event.line] = event.number

    def line(self, number: int) -> str | None:
        """The line that this connection carries; None where it does not count."""
        line = self._lines.get(number)
        return line if line is not None and self._current.get(line) == number else None

    def hold(self, event: Frames) -> None:
        """Frames of a connection that does not count yet; of one that is over, nothing is kept."""
        if event.number in self._held:
            self._held[event.number].append(event)

    def close(self, event: Closed) -> list[Frames]:
        """A connection is over: the frames that were held of the one that counts from now on."""
        line = self._lines.pop(event.number, None)
        self._held.pop(event.number, None)
        if line is None or self._current.get(line) != event.number:
            return []
        del self._current[line]
        waiting = (number for number in self._held if self._lines[number] == line)
        if (following := next(waiting, None)) is None:
            return []
        self._current[line] = following
        return self._held.pop(following)

    def standing(self) -> Iterable[int]:
        """The connections that count."""
        return list(self._current.values())

    def story(self) -> Iterator[Event]:
        """The events that lead to where this stands: what a new journal begins with."""
        for line, number in self._current.items():
            yield Opened(number, line)
        for number, frames in self._held.items():
            yield Opened(number, self._lines[number])
            yield from frames
