"""File locks that the kernel drops when their last holder ends, however it ends."""

import fcntl
import os
import time
from pathlib import Path

from p2p_scrapy.warehouse.embedded.errors import BusyError, PlaceError

POLL_SECONDS = 0.02
"""How often what others do is looked at."""


class Lock:
    """One holder of a lock file; nobody who runs a program of ours inherits it unasked."""

    def __init__(self, path: Path) -> None:
        """Open the lock file.

        Raises:
            PlaceError: the file cannot be made or opened.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self.file = os.open(path, flags, 0o600)
        except OSError as error:
            message = f"the lock {path} cannot be opened: {error.strerror}"
            raise PlaceError(f"{message}; run as the user who made it, or free the disk") from error
        self._path = path

    def share(self) -> None:
        """Hold it beside others; only waits for an exclusive holder."""
        fcntl.flock(self.file, fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Hold it alone if nobody else does; a shared hold of ours is given up either way."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_alone(self, seconds: float) -> None:
        """Hold it alone.

        Raises:
            BusyError: somebody else has held it all this time.
        """
        deadline = time.monotonic() + seconds
        while not self.try_alone():
            if time.monotonic() > deadline:
                message = f"another process has held {self._path} for {seconds:.0f} s"
                raise BusyError(f"{message}; look what it waits for (fuser {self._path})")
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Let go of it, unless a program of ours has inherited it and lives."""
        if self.file >= 0:
            os.close(self.file)
            self.file = -1
