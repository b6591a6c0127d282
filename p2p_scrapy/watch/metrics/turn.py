"""Only one process at a time writes the metrics."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_SECONDS = 5.0
"""Real seconds to wait for another process, which writes for some milliseconds."""
POLL_SECONDS = 0.01


class BusyError(OSError):
    """Another process does not come to its end with them."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock, which the kernel drops when the process ends, however it ends.

    Raises:
        BusyError: somebody else has held it for ``LOCK_SECONDS``.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise BusyError(f"another process has held {path} for {LOCK_SECONDS:.0f} s")
            time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(file)


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
