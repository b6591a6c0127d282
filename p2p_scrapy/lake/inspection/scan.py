"""Which files the given paths hold, batch by batch."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.errors import UsageError
from p2p_scrapy.lake.inspection.lake_file import Kind, LakeFile, recognise

_SUFFIXES = (".parquet", ".json")
_KIND_ORDER = tuple(Kind)


class NothingToReadError(UsageError):
    """A path is missing, cannot be entered, or holds nothing of a lake."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The files of one batch that are to be read; or one file whose name tells of no batch."""

    started_at: datetime | None
    files: tuple[LakeFile, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found.

    Attributes:
        batches: in the order of time, lake by lake.
        folders: those that were given.
        barred: folders that could not be entered, and why.
    """

    batches: tuple[Batch, ...]
    folders: tuple[Path, ...]
    barred: Mapping[Path, str]

    def covers(self, folder: Path) -> bool:
        """Whether that folder is among those given, or below one."""
        return any(folder.is_relative_to(given) for given in self.folders)


def scan(paths: Sequence[str]) -> Scan:
    """Find the files to read; hidden ones are writes in progress and are left alone.

    Raises:
        NothingToReadError: a path does not exist or cannot be read, or nothing is there.
    """
    folders: list[Path] = []
    barred: dict[Path, str] = {}
    found: dict[Path, LakeFile] = {}
    for path in paths:
        given = Path(os.path.abspath(path))  # noqa: PTH100 resolve() would follow links
        if _is_folder(given):
            folders.append(given)
            found |= {file.path: file for file in _below(given, barred)}
        elif not given.name.startswith("."):
            found[given] = _as_given(given)
    if not found:
        raise NothingToReadError(f"{', '.join(paths)}: {_why_nothing(barred)}")
    return Scan(tuple(_batches(found.values())), tuple(folders), barred)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        raise NothingToReadError(f"{path}: {error.strerror}") from error


def _as_given(path: Path) -> LakeFile:
    """A file that a person names is a snapshot unless its name or folder says otherwise."""
    file = recognise(path)
    return replace(file, kind=Kind.SNAPSHOT) if file.kind is Kind.UNKNOWN else file


def _below(folder: Path, barred: dict[Path, str]) -> Iterator[LakeFile]:
    def bar(error: OSError) -> None:
        barred[Path(error.filename)] = error.strerror or str(error)

    for current, folders, names in os.walk(folder, onerror=bar):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(_SUFFIXES) and not name.startswith("."):
                file = _told_by_content(recognise(Path(current, name)))
                if file.kind is not Kind.UNKNOWN:
                    yield file


def _why_nothing(barred: Mapping[Path, str]) -> str:
    for path, why in barred.items():
        return f"{path} cannot be entered: {why}"
    return (
        "no snapshot, ledger or manifest is there; "
        "give a snapshot file, or a folder such as P2P_DATA_DIR"
    )


def _told_by_content(file: LakeFile) -> LakeFile:
    """A Parquet file with a name of its own holds ads where it has their key."""
    if file.kind is Kind.UNKNOWN and file.path.suffix == ".parquet" and _may_hold_ads(file.path):
        return replace(file, kind=Kind.SNAPSHOT)
    return file


def _may_hold_ads(path: Path) -> bool:
    try:
        return "adv_no" in pq.read_schema(path).names
    except (pa.ArrowException, OSError, ValueError):
        return True  # the inspection names it as unreadable


def _batches(files: Iterable[LakeFile]) -> Iterator[Batch]:
    for _, group in groupby(sorted(files, key=_order), key=_batch_key):
        members = tuple(group)
        yield Batch(members[0].started_at, members)


def _batch_key(file: LakeFile) -> tuple[str, str]:
    moment = file.started_at.isoformat() if file.started_at else f"~{file.path}"
    return str(file.home or ""), moment


def _order(file: LakeFile) -> tuple[tuple[str, str], int, str]:
    return _batch_key(file), _KIND_ORDER.index(file.kind), str(file.path)
