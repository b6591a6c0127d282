"""Manifests: a batch counts when its manifest stands, and it is written last."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from items import BatchRecord, FileRecord
from items.batch import MANIFEST_VERSION
from p2p_scrapy.lake.atomic import write_bytes


def write(record: BatchRecord, path: Path) -> None:
    """Put a batch's record in its place, for people to read as well."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(record), indent=1))


def read(path: Path) -> BatchRecord:
    """A batch's record.

    Raises:
        OSError: it is not there.
        msgspec.ValidationError: it is no manifest of this version.
    """
    record = msgspec.json.decode(path.read_bytes(), type=BatchRecord)
    if record.manifest_version != MANIFEST_VERSION:
        message = f"{path} has version {record.manifest_version}, not {MANIFEST_VERSION}"
        raise msgspec.ValidationError(message)
    return record


def newest_first(data_dir: Path) -> Iterator[Path]:
    """The manifests of the census in the lake, the newest first."""
    yield from sorted(data_dir.glob("raw/batches/year=*/month=*/day=*/batch_*.json"), reverse=True)


def describe(path: Path, rows: int, data_dir: Path) -> FileRecord:
    """What a manifest says of a file that was just written."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = path.relative_to(data_dir).as_posix()
    return FileRecord(name, rows, path.stat().st_size, digest)
