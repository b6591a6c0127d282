"""What the lake has of a series, by what its Parquet files say of themselves."""

import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.futures.archive.series import ArchiveFile, Period, Series
from p2p_scrapy.futures.archive.writing import FOUND_KEY, SOURCE_KEY, Found, Source

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the lake that was made of the archive."""

    file: ArchiveFile
    source: Source
    found: Found


def read_stored(data_dir: Path, series: Series) -> dict[Period, Stored]:
    """Every file that stands; one that is not ours to read counts as absent.

    Days that a month holds as well, which a kill may leave behind, are removed.
    """
    found = {}
    stem = f"{series.symbol}-{series.interval or series.dataset}-"
    for path in sorted(series.lake_folder(data_dir).glob(f"year=*/month=*/{stem}*.parquet")):
        try:
            period = Period.parse(path.stem.removeprefix(stem))
            found[period] = read_one(path, ArchiveFile(series, period))
        except (ValueError, KeyError, pa.ArrowInvalid, msgspec.DecodeError) as error:
            logger.warning("%s is taken for absent: it does not say what it is: %s", path, error)
    for month in [each for each in found if each.is_month]:
        remove_days_of(data_dir, found[month].file)
        found = {each: kept for each, kept in found.items() if each not in _days(month)}
    return found


def remove_days_of(data_dir: Path, month: ArchiveFile) -> None:
    """Remove the days of a month that stands in the lake itself, so that no row is there twice."""
    for day in month.period.days:
        path = month.series.lake_file(data_dir, Period(day, is_month=False))
        path.unlink(missing_ok=True)


def _days(month: Period) -> set[Period]:
    return {Period(day, is_month=False) for day in month.days}


def read_one(path: Path, file: ArchiveFile) -> Stored:
    """What a Parquet file says of itself.

    Raises:
        KeyError, msgspec.DecodeError, pa.ArrowInvalid: it is none of ours, or no Parquet.
    """
    told = pq.read_metadata(path).metadata or {}
    return Stored(
        file,
        msgspec.json.decode(told[SOURCE_KEY.encode()], type=Source),
        msgspec.json.decode(told[FOUND_KEY.encode()], type=Found),
    )
