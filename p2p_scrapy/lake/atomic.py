"""Files that are whole or absent under their names, whatever happens meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic(path: Path, *, is_flushed: bool = True) -> Iterator[Path]:
    """Give a hidden temporary path to write to; on success it is flushed to disk and renamed.

    Hidden, because readers of a folder take every visible name for data. What is not flushed
    outlives the process but not the machine's power.

    Raises:
        OSError: the disk's trouble; the temporary file is gone then, the old one untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{path.name}.tmp"
    try:
        yield temporary
        if is_flushed:
            _flush(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if is_flushed:
        _flush(path.parent)


def write_bytes(path: Path, content: bytes, *, is_flushed: bool = True) -> None:
    """Write a small file atomically."""
    with atomic(path, is_flushed=is_flushed) as temporary:
        temporary.write_bytes(content)


def _flush(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
