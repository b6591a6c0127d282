"""Batches of a simulated market place, one after the other."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from p2p_scrapy.lake.paths import BatchPaths
from tests.warehouse.replay.simulated.exchange import Exchange

FEW = 14
"""Batches of the small lake that most tests share."""
TEN_MINUTES = timedelta(minutes=10)
MIDNIGHT = datetime(2026, 6, 6, tzinfo=UTC)


def run(
    exchange: Exchange, data_dir: Path, first: datetime, batches: int, every: timedelta
) -> list[BatchPaths]:
    """So many batches, one after the other."""
    starts = (first + n * every for n in range(batches))
    return [exchange.batch(start, data_dir) for start in starts]


def over_midnight(data_dir: Path, exchange: Exchange, batches: int) -> Path:
    """So many batches, half of them before a midnight; the folder."""
    run(exchange, data_dir, MIDNIGHT - TEN_MINUTES * (batches // 2), batches, TEN_MINUTES)
    return data_dir


def manifests(data_dir: Path) -> list[Path]:
    """The manifests of a lake, the oldest first."""
    return sorted(data_dir.glob("raw/batches/*/*/*/batch_*.json"))


def taken_away(path: Path) -> Path:
    """Hide a manifest: its batch has not come yet."""
    return path.rename(path.with_suffix(".late"))


def brought_back(path: Path) -> Path:
    """Its batch comes late."""
    return path.rename(path.with_suffix(".json"))
