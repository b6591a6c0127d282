"""A batch's manifest, read with distrust."""

import json
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from p2p_scrapy.errors import P2PError

MANIFEST_VERSION = 1
_MALFORMED = (TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What other shapes than the expected one end in."""


class UnreadableManifestError(P2PError):
    """A manifest is not what it should be; ``why`` says in what."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as the manifest lists it.

    Attributes:
        path: below the data folder.
        rows: None where the manifest does not count them.
        size: bytes.
        sha256: hexadecimal, lower case.
    """

    path: Path
    rows: int | None
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the inspection needs of a manifest; ``interval_seconds`` is None for a single crawl."""

    path: Path
    status: str
    interval_seconds: float | None
    files: tuple[ListedFile, ...]


def read_manifest(path: Path) -> Manifest:
    """Read one.

    Raises:
        UnreadableManifestError: it cannot be read, or is not a manifest of this version.
    """
    try:
        return _manifest(path, json.loads(path.read_bytes()))
    except OSError as error:
        raise UnreadableManifestError(path, error.strerror or str(error)) from error
    except KeyError as error:
        raise UnreadableManifestError(path, f"{error} is missing") from error
    except _MALFORMED as error:
        raise UnreadableManifestError(path, f"not a manifest: {error}") from error


def _manifest(path: Path, record: Any) -> Manifest:
    if record["manifest_version"] != MANIFEST_VERSION:
        raise ValueError(f"version {record['manifest_version']!r} is not known")
    interval = record.get("interval_seconds")
    if interval is not None and not 0 < interval < inf:
        raise ValueError(f"interval_seconds is {interval!r}")
    files = tuple(_listed(entry) for entry in record["files"])
    return Manifest(path, str(record["status"]), interval, files)


def _listed(entry: Any) -> ListedFile:
    path = Path(entry["path"])
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{path} does not lie below the data folder")
    rows = entry.get("rows")
    return ListedFile(path, rows, int(entry["bytes"]), str(entry["sha256"]).lower())
