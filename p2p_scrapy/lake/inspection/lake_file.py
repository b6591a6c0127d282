"""What a file's name and folder say about it, before it is opened."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from items import Side
from p2p_scrapy.lake.paths import BatchPaths

_NAME = re.compile(r"(?P<what>snapshot|sweeps|batch)_(?P<stamp>\d{8}_\d{6})\.(?:parquet|json)")
_DAY = re.compile(r"year=(\d{4})/month=(\d\d)/day=(\d\d)$")
_LAYOUT = ("buy_ads", "sell_ads", "sweeps", "batches", "daily_merged")
_ROOTS = ("raw", "samples")

Home: TypeAlias = Path | None
"""The folder that holds buy_ads, sell_ads and so on (raw/, samples/); None outside a lake."""


class Kind(StrEnum):
    """What a file holds; in this order a batch's files are read."""

    MANIFEST = "manifest"
    SNAPSHOT = "snapshot"
    LEDGER = "ledger"
    SCHEMA = "schema"
    MERGED = "daily merge"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file, absolute, and what its place says.

    Attributes:
        path: where it is.
        kind: what it should hold.
        home: the folder of its lake.
        side: of the folder, where that is buy_ads or sell_ads.
        started_at: the batch's start in the file's name, UTC.
        day: of the partition folder.
    """

    path: Path
    kind: Kind
    home: Home = None
    side: Side | None = None
    started_at: datetime | None = None
    day: date | None = None

    @property
    def batch(self) -> BatchPaths | None:
        """Where the other files of its batch are; None where the place does not tell."""
        if self.home is None or self.started_at is None or self.home.name not in _ROOTS:
            return None
        return BatchPaths(self.home.parent, self.started_at, sample=self.home.name == "samples")


def recognise(path: Path) -> LakeFile:
    """Read an absolute path; the file is not touched."""
    folder = next((part for part in path.parents if part.name in _LAYOUT), None)
    layout = folder.name if folder else ""
    return LakeFile(
        path,
        kind=_kind(path, layout),
        home=folder.parent if folder else None,
        side=Side(layout.removesuffix("_ads").upper()) if layout.endswith("_ads") else None,
        started_at=_started_at(path),
        day=_day(path),
    )


def _kind(path: Path, layout: str) -> Kind:
    name = _NAME.fullmatch(path.name)
    if path.suffix == ".json":
        return Kind.MANIFEST if name else Kind.UNKNOWN
    if path.name == "_schema.parquet":
        return Kind.SCHEMA
    if layout == "daily_merged":
        return Kind.MERGED
    if layout == "sweeps" or (name and name["what"] == "sweeps"):
        return Kind.LEDGER
    return Kind.SNAPSHOT if name or layout.endswith("_ads") else Kind.UNKNOWN


def _day(path: Path) -> date | None:
    parts = _DAY.search(path.parent.as_posix())
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def _started_at(path: Path) -> datetime | None:
    name = _NAME.fullmatch(path.name)
    if name is None:
        return None
    try:
        return datetime.strptime(name["stamp"], "%Y%m%d_%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
