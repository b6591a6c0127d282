"""Files of the archive: where they are, and the zips that are made up for them."""

import io
import re
import zipfile
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Self

from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions
from p2p_scrapy.exchange.futures.archive.rows import (
    KLINES_HEADER,
    TRADES_HEADER,
    klines_of,
    trades_of,
)
from p2p_scrapy.exchange.futures.archive.spoiling import spoiled

ROOT = "data/futures/um/"
DATASETS = ("aggTrades", "klines")
DAY = timedelta(days=1)

_FOLDER = re.compile(r"(daily|monthly)/(aggTrades|klines)/(\w+)/(?:(\d+[mhd])/)?")
_MINUTES = {"m": 1, "h": 60, "d": 1440}
_MADE_AT = (2023, 7, 17, 7, 48, 0)
_PUBLISHED, _PUBLISHED_MONTHLY = timedelta(hours=31.68), timedelta(hours=32.1)
_REPLACED_AFTER = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Folder:
    """The days or the months of one dataset and symbol; ``interval`` is empty but for klines."""

    is_monthly: bool
    dataset: str
    symbol: str
    interval: str

    @classmethod
    def parse(cls, path: str) -> Self | None:
        """Of its path below ROOT, which ends with a slash; None where nothing can lie there."""
        found = _FOLDER.fullmatch(path)
        if found is None or (found[2] == "klines") != bool(found[4]):
            return None
        return cls(found[1] == "monthly", found[2], found[3], found[4] or "")

    def files(self, first: date, last: date) -> Iterator["File"]:
        """Its files from the first day to the last; months only where they are whole."""
        day = first if not self.is_monthly or first.day == 1 else _next_month(first)
        while day <= last:
            following = _next_month(day) if self.is_monthly else day + DAY
            if following <= last + DAY:
                yield File(self, day, following - DAY)
            day = following


@dataclass(frozen=True, slots=True)
class File:
    """A file, by its first and last day."""

    folder: Folder
    first: date
    last: date

    @property
    def stem(self) -> str:
        """Its name without ``.zip``."""
        folder = self.folder
        period = f"{self.first:%Y-%m}" if folder.is_monthly else f"{self.first}"
        return f"{folder.symbol}-{folder.interval or folder.dataset}-{period}"

    def modified(self, options: ArchiveOptions) -> datetime:
        """When it was written: days in the next morning, months after their last."""
        after = _PUBLISHED_MONTHLY if self.folder.is_monthly else _PUBLISHED
        moment = datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + after
        return moment + _REPLACED_AFTER * options.has("replaced-file", self.stem)

    def zip(self, options: ArchiveOptions, seed: int) -> bytes:
        """Its bytes; the same for the same options and seed."""
        if options.has("broken-zip", self.stem):
            return b"PK no zip " * 20
        return _zip(self, options, seed)

    def rows(self, options: ArchiveOptions, seed: int) -> Iterator[str]:
        """Its rows as they should be."""
        folder = self.folder
        for number in range((self.last - self.first).days + 1):
            day = self.first + DAY * number
            if folder.interval:
                minutes = int(folder.interval[:-1]) * _MINUTES[folder.interval[-1]]
                yield from klines_of(f"{seed}", folder.symbol, day, minutes)
            else:
                yield from trades_of(f"{seed}", folder.symbol, day, options.trades)


@lru_cache(maxsize=4096)
def _zip(file: File, options: ArchiveOptions, seed: int) -> bytes:
    rows = spoiled(list(file.rows(options, seed)), file.stem, options)
    header = KLINES_HEADER if file.folder.interval else TRADES_HEADER
    lines = rows if options.has("no-header", file.stem) else [header, *rows]
    return zipped(f"{file.stem}.csv", "".join(f"{line}\n" for line in lines).encode())


def zipped(name: str, content: bytes) -> bytes:
    """A zip of one file, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, _MADE_AT), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _next_month(day: date) -> date:
    return day.replace(day=1) + DAY * monthrange(day.year, day.month)[1]
