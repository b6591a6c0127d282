"""The data folder copied while a collector writes into it, so that the copy can be gone on with.

What the lake holds is written once and never changed, and a batch's manifest last. So the manifests
are copied first: whatever they name stood before, and is copied after them. The few files that do
change (checkpoint.json and its like) are replaced whole by who writes them, and copied whole.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from p2p_scrapy.lake.atomic import atomic

LEFT_OUT = (".lock", "postgres")
"""A lock is the running process's; the embedded cluster cannot be copied while it runs."""


def copy_lake(source: Path, target: Path) -> tuple[int, int]:
    """Copy what ``target`` lacks or has otherwise; how many files were copied, and their bytes.

    Nothing is removed there but journals of batches that are closed by now.

    Raises:
        OSError: the disk's trouble; what is copied is whole.
    """
    target.mkdir(parents=True, exist_ok=True)
    _drop_journals(source, target)
    files = size = 0
    for path in _in_order(source):
        copied = _copy(path, target / path.relative_to(source))
        files += copied is not None
        size += copied or 0
    return files, size


def _drop_journals(source: Path, target: Path) -> None:
    for copy in (target / "journal").glob(".batch_*"):
        if not (source / "journal" / copy.name).exists():
            copy.unlink()


def _in_order(source: Path) -> Iterator[Path]:
    """The journals, then folder after folder by name: batches come before what they name.

    A journal whose batch is closed meanwhile does no harm: the manifest goes before it.
    """
    yield from sorted((source / "journal").glob("*"))
    yield from sorted((source / "journal").glob(".batch_*.tmp"))
    for folder, below, names in os.walk(source):
        below[:] = sorted(set(below) - {"journal", *LEFT_OUT})
        for name in sorted(names):
            if name not in LEFT_OUT and not name.endswith(".tmp"):
                yield Path(folder, name)


def _copy(path: Path, copy: Path) -> int | None:
    """The bytes copied, or None where the copy is as it should be, or the file is gone."""
    try:
        there = path.stat()
        if copy.exists() and _is_same(there, copy.stat()):
            return None
        with atomic(copy, is_flushed=False) as temporary:
            shutil.copy2(path, temporary)
    except FileNotFoundError:
        if copy.parent.exists() and not path.exists():
            return None
        raise
    return there.st_size


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
