"""The journal of the open window: one file, which begins with all that was before it."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

import msgspec

from p2p_scrapy import journal
from p2p_scrapy.futures.stream.events import Event
from p2p_scrapy.futures.stream.routes import Line
from p2p_scrapy.journal import Journal

_BEGAN = "Began"
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}


@dataclass(slots=True)
class Began:
    """What a window begins with: enough to come to the same files without any other.

    Attributes:
        number: counts the windows of a data folder.
        window: its name.
        sink: the form of its files.
        lines: what was being streamed.
        sizes: of files that are appended to.
        state: of the ledger.
    """

    number: int
    window: str
    sink: str
    lines: tuple[Line, ...]
    sizes: dict[str, int] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)


class Segment:
    """The journal file of a window, open for appending.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, data_dir: Path, began: Began, story: Iterable[Event]) -> None:
        path = _folder(data_dir) / f".stream_{began.window}.journal.tmp"
        path.unlink(missing_ok=True)
        self.path = path
        self._journal = Journal(path)
        self._journal.append(_BEGAN, asdict(began))
        for event in story:
            self.append(event)
        self.sync()

    def append(self, event: Event) -> None:
        """Add an event, whole or not at all.

        Raises:
            DiskFullError: there is no room for it.
            OSError: any other trouble of the disk.
        """
        self._journal.append(type(event).__name__, event)

    def sync(self) -> None:
        """Wait until all of it is on the disk."""
        self._journal.sync()

    def close(self) -> None:
        """Let go of the file, which stays."""
        self._journal.close()


def segments(data_dir: Path) -> list[Path]:
    """Those that stand, oldest first; a kill may leave the last but one."""
    return sorted(_folder(data_dir).glob(".stream_*.journal.tmp"))


def read_began(path: Path) -> Began | None:
    """How a segment begins; None where a kill left not even that."""
    for kind, payload in journal.read(path):
        return msgspec.convert(payload, Began) if kind == _BEGAN else None
    return None


def read_events(path: Path) -> Iterator[Event]:
    """What followed."""
    for kind, payload in journal.read(path):
        if kind in _KINDS:
            event: Event = msgspec.convert(payload, _KINDS[kind])
            yield event


def _folder(data_dir: Path) -> Path:
    return data_dir / "journal"
