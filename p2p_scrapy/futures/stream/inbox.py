"""What has arrived and is not yet kept: bounded, with every loss counted."""

from p2p_scrapy.futures.stream.events import Dropped, Event, Frames

MOST_BYTES = 64 * 1024 * 1024
"""Some 10 s of all contracts' depth20 at 100 ms."""


class Inbox:
    """Events in the order of their arrival, until the keeper takes them.

    Frames that have no room are dropped and counted; nothing else ever is.

    Attributes:
        dropped: frames so far.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.dropped = 0
        self._most_bytes = most_bytes
        self._bytes = 0
        self._events: list[Event] = []
        self._open: dict[int, Frames] = {}
        self._lost: dict[int, int] = {}

    def frame(self, number: int, received: int, frame: bytes) -> None:
        """Take a frame of a connection."""
        if self._bytes >= self._most_bytes or number in self._lost:
            self._lost[number] = self._lost.get(number, 0) + 1
            self.dropped += 1
            return
        self._bytes += len(frame)
        if (batch := self._open.get(number)) is None:
            batch = self._open[number] = Frames(number)
            self._events.append(batch)
        batch.received.append(received)
        batch.frames.append(frame)

    def event(self, event: Event) -> None:
        """Take anything else; frames that follow stay behind it."""
        self._open.clear()
        self._events.append(event)

    def take(self, now: int) -> list[Event]:
        """Everything so far; ``now`` is when what had no room is said to be lost."""
        events: list[Event] = self._events
        events += [Dropped(number, count, now) for number, count in self._lost.items()]
        self._events, self._bytes = [], 0
        self._open.clear()
        self._lost.clear()
        return events
