"""The data folder: proved writable before anything is asked, and one batch's at a time."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from p2p_scrapy.errors import BatchRunningError, DataFolderError


def prove_writable(data_dir: Path) -> None:
    """Make the folder, and write, flush and remove a file in it.

    Raises:
        DataFolderError: one of these is not possible.
    """
    probe = data_dir / f".probe_{os.getpid()}.tmp"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with probe.open("wb") as file:
            file.write(b"writable")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        message = f"the data folder {data_dir} cannot be written: {error.strerror}"
        hint = "free or fix it, or choose another with P2P_DATA_DIR"
        raise DataFolderError(f"{message}; {hint}") from error
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


class FolderLock:
    """Held by the one process that takes a batch into a data folder, or does something else alone.

    The kernel lets go of it when the process ends, however it ends.
    """

    def __init__(self, data_dir: Path, name: str = ".lock", what: str = "a batch") -> None:
        self._path = data_dir / name
        self._what = what
        self._file = -1

    def acquire(self) -> Self:
        """Take the lock.

        Raises:
            BatchRunningError: another process has it.
        """
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = self._path.read_text().strip() or "?"
            self.release()
            message = f"{self._what} is running in {self._path.parent} (process {holder})"
            raise BatchRunningError(
                f"{message}; wait for its end, or use another folder"
            ) from error
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())
        return self

    def release(self) -> None:
        """Let go of it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
