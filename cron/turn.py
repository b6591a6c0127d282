"""One call's hold on the data folder: a second one at the same time does nothing."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from p2p_scrapy.errors import P2PError


class CallRunningError(P2PError):
    """Another call is at work on this data folder; a plain one is while its batch runs."""

    exit_code = 4


def first_call(data_dir: Path, now: datetime) -> datetime:
    """When cron first worked on a data folder; the file that tells is made by that call."""
    path = _path(data_dir)
    path.touch(mode=0o644)
    told = path.read_text("utf-8").strip()
    if not told:
        path.write_text(f"{now:%Y-%m-%dT%H:%M:%SZ}\n", "utf-8")
    return datetime.fromisoformat(told).astimezone(UTC) if told else now


@contextmanager
def turn(data_dir: Path) -> Iterator[None]:
    """Hold the folder's flock; the kernel lets go of it when the process ends, however it ends.

    Raises:
        CallRunningError: another call holds it.
    """
    file = os.open(_path(data_dir), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CallRunningError("nothing started, an earlier call is still at work") from error
    finally:
        os.close(file)


def _path(data_dir: Path) -> Path:
    return data_dir / ".cron"
