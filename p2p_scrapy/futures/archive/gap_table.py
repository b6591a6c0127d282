"""The gaps table of a series: ``raw/futures/gaps/SYMBOL-aggTrades.parquet``."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from items.futures import GAP_SCHEMA, Gap
from p2p_scrapy.futures.archive.gaps import Holes, days_within
from p2p_scrapy.futures.archive.plan import Span
from p2p_scrapy.futures.archive.series import Series
from p2p_scrapy.futures.archive.stored import Stored
from p2p_scrapy.futures.parquet import write_records

logger = logging.getLogger(__name__)


def gaps_path(data_dir: Path, series: Series) -> Path:
    """Where the gaps of a series are."""
    folder = data_dir / "raw" / "futures" / "gaps"
    return folder / f"{series.symbol}-{series.folder}.parquet"


def record_gaps(
    data_dir: Path,
    series: Series,
    span: Span,
    stored: Sequence[Stored],
    absent: Mapping[date, str],
) -> list[Gap]:
    """Bring the table up to date after a run; the gaps, healed ones too.

    Args:
        data_dir: P2P_DATA_DIR.
        series: whose gaps.
        span: the days that the run looked at; of others it keeps what was known.
        stored: every file that the lake has of the series, in the order of time.
        absent: the days of the span that could not be had, with the reason.
    """
    path = gaps_path(data_dir, series)
    known = {day: gap.reason for gap in _read(path) for day in days_within(gap)}
    here = {day for each in stored for day in each.file.period.days}
    missing = {day: reason for day, reason in absent.items() if day not in here}
    missing |= {day: reason for day, reason in known.items() if day not in here and day not in span}
    healed = {day: reason for day, reason in known.items() if day in here}
    holes = Holes(series, stored)
    gaps = [*holes.of_days(missing), *holes.healed(healed), *holes.between_files()]
    gaps.sort(key=lambda gap: gap.started_at)
    if gaps or path.exists():
        write_records(pa.Table.from_pylist([asdict(gap) for gap in gaps], schema=GAP_SCHEMA), path)
    return gaps


def _read(path: Path) -> list[Gap]:
    if not path.exists():
        return []
    try:
        return [Gap(**row) for row in pq.read_table(path, partitioning=None).to_pylist()]
    except (pa.ArrowInvalid, TypeError) as error:
        logger.warning("%s is made anew, since it cannot be read: %s", path, error)
        return []
