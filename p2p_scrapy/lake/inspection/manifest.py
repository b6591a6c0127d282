"""A batch's manifest: the parts that the inspection needs, read with distrust."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from p2p_scrapy.errors import P2PError


class UnreadableManifestError(P2PError):
    """A manifest is not what it should be; ``why`` says in what."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as the manifest lists it; ``path`` is below the data folder, ``sha256`` in hex."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest of version 1; ``interval_seconds`` is 0 or None where there is no cadence."""

    manifest_version: Literal[1]
    status: str
    files: tuple[ListedFile, ...]
    interval_seconds: float | None = None


def read_manifest(path: Path) -> Manifest:
    """Read one.

    Raises:
        UnreadableManifestError: it cannot be read, or is not a manifest of this version.
    """
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise UnreadableManifestError(path, error.strerror or str(error)) from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnreadableManifestError(path, str(error)) from error
    for file in manifest.files:
        place = PurePosixPath(file.path)
        if place.is_absolute() or ".." in place.parts or "\0" in file.path:
            raise UnreadableManifestError(path, f"{file.path} is not below the data folder")
    return manifest
