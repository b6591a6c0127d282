"""Where everything lies below the data folder (product page, section 4)."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from items import Side


@dataclass(frozen=True, slots=True)
class BatchPaths:
    """The files of one batch; ``data_dir`` is P2P_DATA_DIR, ``started_at`` the batch's start, UTC.

    A sample has the same layout below ``samples/``, so that it is never taken for the census.
    """

    data_dir: Path
    started_at: datetime
    sample: bool = False

    @property
    def root(self) -> Path:
        """``raw/``, or ``samples/`` for a sample."""
        return self.data_dir / ("samples" if self.sample else "raw")

    def snapshot(self, side: Side) -> Path:
        """The ads of one side, all markets."""
        folder = self.root / f"{side.lower()}_ads" / self._day
        return folder / f"snapshot_{self._stamp}.parquet"

    @property
    def ledger(self) -> Path:
        """One row a sweep."""
        return self.root / "sweeps" / self._day / f"sweeps_{self._stamp}.parquet"

    @property
    def manifest(self) -> Path:
        """The batch's record; the batch counts when it stands."""
        return self.root / "batches" / self._day / f"batch_{self._stamp}.json"

    @property
    def rejected(self) -> Path:
        """Every refused ad, whole, with its reason: JSON lines, gzip."""
        below = "samples/rejected" if self.sample else "rejected"
        return self.data_dir / below / self._day / f"rejected_{self._stamp}.jsonl.gz"

    @property
    def responses(self) -> Path:
        """Every response body (P2P_KEEP_RAW): JSON lines, gzip."""
        return self.root / "responses" / self._day / f"responses_{self._stamp}.jsonl.gz"

    @property
    def journal(self) -> Path:
        """What survives a kill while the batch runs; hidden and partial by nature."""
        return self.data_dir / "journal" / f".batch_{self._stamp}.journal.tmp"

    @staticmethod
    def journals(data_dir: Path) -> list[Path]:
        """The journals that stand, in the order of time: of what runs, or was killed."""
        return sorted((data_dir / "journal").glob(".batch_*.journal.tmp"))

    @property
    def _stamp(self) -> str:
        return f"{self.started_at:%Y%m%d_%H%M%S}"

    @property
    def _day(self) -> str:
        return f"{self.started_at:year=%Y/month=%m/day=%d}"


def merged_path(data_dir: Path, day: date) -> Path:
    """The daily merge of a UTC day: all snapshots of the batches that began on it."""
    return data_dir / "raw" / "daily_merged" / f"{day:year=%Y/month=%m}" / f"{day}.parquet"
