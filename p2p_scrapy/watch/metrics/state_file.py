"""``metrics/p2p.prom``: what all processes of a data folder have counted, added up.

node-exporter's textfile collector reads the folder; the daemon serves the file at ``/metrics``.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from p2p_scrapy.lake.atomic import write_bytes
from p2p_scrapy.watch.metrics.state import DamagedStateError, State
from p2p_scrapy.watch.metrics.turn import alone

logger = logging.getLogger(__name__)


class StateFile:
    """Reads the file, and writes it while no other process does."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "metrics" / "p2p.prom"
        self._written: State | None = None
        self._stamp: tuple[int, ...] | None = None

    def read(self) -> State:
        """The metrics as they stand; none where there are none yet.

        Raises:
            DamagedStateError: the file is not what this project writes.
            OSError: the disk's trouble.
        """
        try:
            return State.parse(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return State()
        except UnicodeDecodeError as error:
            raise DamagedStateError(str(error)) from error

    def change(self, change: Callable[[State], None]) -> str:
        """Let ``change`` work on what stands, and write what came of it; its text.

        A file that cannot be read is put aside, with a warning, and all counts begin anew.

        Raises:
            OSError: the disk's trouble, or another process holds the file; nothing has changed.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with alone(self.path.with_name(".p2p.lock")):
            state = self._standing()
            change(state)
            text = state.render()
            write_bytes(self.path, text.encode())
            self._written, self._stamp = state, self._stamp_now()
        return text

    def _standing(self) -> State:
        """What we wrote last, if it still stands: reading a whole market's series takes 30 ms."""
        written, self._written = self._written, None
        if written is not None and self._stamp == self._stamp_now():
            return written
        return self._read_or_begin_anew()

    def _stamp_now(self) -> tuple[int, ...] | None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _read_or_begin_anew(self) -> State:
        try:
            return self.read()
        except DamagedStateError as error:
            aside = self.path.with_suffix(".damaged")  # another ending, so that nobody collects it
            self.path.replace(aside)
            logger.warning("%s is damaged (%s): counts begin anew, see %s", self.path, error, aside)
            return State()
