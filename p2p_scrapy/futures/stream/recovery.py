"""What a killed stream left in its journal becomes files at the next start."""

import logging
from pathlib import Path
from typing import Any

from p2p_scrapy.futures.stream.events import Event, Frames, Reason
from p2p_scrapy.futures.stream.ledger import Ledger
from p2p_scrapy.futures.stream.segment import Began, read_began, read_events, segments
from p2p_scrapy.futures.stream.sinks import sink_of
from p2p_scrapy.futures.stream.window import Window

logger = logging.getLogger(__name__)


def recover(data_dir: Path) -> Began | None:
    """Write the window that was open; how it began, with the ledger's state as it ended.

    A kill while a new window begins leaves the one before as well, whose files stand. A kill in
    here changes nothing: the same files come of it the next time. None in a fresh folder.

    Raises:
        OSError: the disk's trouble; the journal stays for the next start.
    """
    found = [(began, path) for path in segments(data_dir) if (began := read_began(path))]
    if not found:
        return None
    began, path = max(found, key=lambda each: each[0].number)
    ledger = Ledger(began.lines, Window(began.window), 0)
    ledger.restore(began.state)
    last = 0
    for event in read_events(path):
        ledger.apply(event)
        last = max(last, _moment(event))
    ledger.interrupt_all(Reason.KILLED, last)
    written = sink_of(began.sink, data_dir).write(ledger.window, began.sizes)
    if written:
        told = ", ".join(f"{count} {dataset}" for dataset, count in written.items())
        logger.warning("Recovered of a stream that was killed: %s", told)
    began.state = ledger.state()
    return began


def _moment(event: Event) -> int:
    if isinstance(event, Frames):
        return event.received[-1]
    at: Any = getattr(event, "at", 0)
    return int(at)
