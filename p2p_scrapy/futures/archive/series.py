"""What the archive holds: series of files, each of a month or a day (binance-futures-api, 1)."""

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

ROOT = "data/futures/um"
"""Where the archive keeps USD-M futures."""

DAY = timedelta(days=1)
_PERIOD = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_DELIVERY = re.compile(r".+_(\d{2})(\d{2})(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A UTC month or day, by its first day."""

    first: date
    is_month: bool

    @classmethod
    def month_of(cls, day: date) -> Self:
        """The month that a day lies in."""
        return cls(day.replace(day=1), is_month=True)

    @classmethod
    def parse(cls, text: str) -> Self:
        """``2026-10`` or ``2026-10-03``.

        Raises:
            ValueError: it is neither, or there is no such day.
        """
        found = _PERIOD.fullmatch(text)
        if found is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else 0 for part in found.groups(default=""))
        return cls(date(year, month, day or 1), is_month=not day)

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        if not self.is_month:
            return self.first
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def days(self) -> Iterator[date]:
        """Each of its days."""
        return days_of(self.first, self.last)

    @property
    def begins_at(self) -> int:
        """Its first moment, in milliseconds since 1970 UTC."""
        return midnight(self.first)

    @property
    def ends_at(self) -> int:
        """The moment after its last, in milliseconds since 1970 UTC."""
        return midnight(self.last + DAY)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}" if self.is_month else f"{self.first:%Y-%m-%d}"


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """All files of one dataset and symbol; ``interval`` is empty but for klines."""

    dataset: str
    symbol: str
    interval: str = ""

    @property
    def folder(self) -> str:
        """``aggTrades`` or ``klines_1m``: its folder in the lake, its name in the gaps."""
        return f"{self.dataset}_{self.interval}" if self.interval else self.dataset

    @property
    def delivery(self) -> date | None:
        """The day on which its contract ends, as its name tells it; None of a perpetual one."""
        found = _DELIVERY.fullmatch(self.symbol)
        if found is None:
            return None
        year, month, day = (int(part) for part in found.groups())
        with suppress(ValueError):
            return date(2000 + year, month, day)
        return None

    def prefix(self, *, is_monthly: bool) -> str:
        """The archive's folder of its months or days."""
        span = "monthly" if is_monthly else "daily"
        below = f"{self.symbol}/{self.interval}" if self.interval else self.symbol
        return f"{ROOT}/{span}/{self.dataset}/{below}/"

    def lake_folder(self, data_dir: Path) -> Path:
        """Where its Parquet files lie."""
        return data_dir / "raw" / "futures" / self.folder / f"symbol={self.symbol}"

    def lake_file(self, data_dir: Path, period: Period) -> Path:
        """The Parquet file of one of its periods."""
        return ArchiveFile(self, period).parquet(data_dir)

    def __str__(self) -> str:
        return f"{self.symbol} {self.folder}"


@dataclass(frozen=True, slots=True, order=True)
class ArchiveFile:
    """One file of a series."""

    series: Series
    period: Period

    @property
    def stem(self) -> str:
        """The basename that zip, CSV and Parquet share."""
        series = self.series
        return f"{series.symbol}-{series.interval or series.dataset}-{self.period}"

    @property
    def zip_name(self) -> str:
        """The zip's name, which its CHECKSUM tells too."""
        return f"{self.stem}.zip"

    @property
    def key(self) -> str:
        """Its path in the archive."""
        return self.series.prefix(is_monthly=self.period.is_month) + self.zip_name

    def parquet(self, data_dir: Path) -> Path:
        """Where it lies in the lake."""
        month = f"{self.period.first:year=%Y/month=%m}"
        return self.series.lake_folder(data_dir) / month / f"{self.stem}.parquet"


def days_of(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last, both included."""
    return (first + DAY * number for number in range((last - first).days + 1))


def midnight(day: date) -> int:
    """The first moment of a UTC day, in milliseconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
