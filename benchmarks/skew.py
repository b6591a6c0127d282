"""The skew of one large market: how long its pages are apart, over a slow link."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contenders import CENSUS, data_dir
from benchmarks.errand import Errand
from benchmarks.exchange import running_exchange
from benchmarks.pages import PAGE_SIZE
from benchmarks.process import BenchmarkError, measured

PAGES = 20
LATENCY = 0.3
"""Seconds; a round trip to the real exchange takes 0.24 to 0.34."""
_LONGEST = 120.0


@dataclass(frozen=True, slots=True)
class Skew:
    """Seconds from the first to the last response of a sweep of so many pages."""

    seconds: float
    pages: int


def skew(place: Path) -> Skew:
    """Let the census read one market of twenty pages, and ask its ledger."""
    ads = str(PAGES * PAGE_SIZE)
    size = ("--markets", "1", "--ads", ads, "--latency-ms", str(LATENCY * 1000))
    with running_exchange(*size) as exchange, TemporaryDirectory(dir=place) as folder:
        errand = Errand(exchange.url, Path(folder))
        surroundings = CENSUS.surroundings(errand)
        measured(CENSUS.command(errand), surroundings, errand.folder / "log.txt", _LONGEST)
        return _of_ledger(data_dir(errand))


def _of_ledger(data: Path) -> Skew:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only now: see Usage.peak

    (path,) = data.glob("raw/sweeps/**/sweeps_*.parquet")
    (sweep,) = pq.ParquetFile(path).read().to_pylist()
    if sweep["pages"] != PAGES:
        raise BenchmarkError(f"the sweep has {sweep['pages']} pages where {PAGES} are due")
    apart = sweep["swept_at"] - sweep["first_response_at"]
    return Skew(apart.total_seconds(), sweep["pages"])
