"""What each batch asked, and what came of it, from its manifest, its ledger and the exchange."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from items import BatchRecord, Verdict
from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.lake import manifest


@dataclass(frozen=True, slots=True)
class Asked:
    """What the exchange had been asked, and had refused, when a batch had ended."""

    searches: int
    discoveries: int
    refused: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A batch, and what it took.

    ``smallest`` is the number of requests that its markets call for at least: one for each begun
    page of 20, one for an empty market. ``oldest`` are seconds since the last complete reading of
    the market that has waited longest, None while one was never read.
    """

    record: BatchRecord
    searches: int
    discoveries: int
    refused: int
    smallest: int
    rereads: int
    oldest: float | None

    @property
    def minutes(self) -> float:
        """From its start to its end."""
        return (self.record.ended_at - self.record.started_at).total_seconds() / 60


def outcomes(data_dir: Path, asked: list[Asked]) -> Iterator[Outcome]:
    """The batches of a lake in the order of time; ``asked`` has an element for each."""
    before = Asked(0, 0, 0)
    read_at: dict[tuple[str, ...], datetime | None] = {}
    for path, after in zip(sorted(data_dir.glob("raw/batches/*/*/*/*.json")), asked, strict=False):
        record = manifest.read(path)
        rows = list(_ledger(data_dir, record))
        for market, _, _, _, verdict, swept_at in rows:
            read_at.setdefault(market, None)
            if verdict == Verdict.COMPLETE:
                read_at[market] = swept_at
        yield Outcome(
            record,
            after.searches - before.searches,
            after.discoveries - before.discoveries,
            after.refused - before.refused,
            sum(
                max(1, -(-(total or 0) // PAGE_SIZE)) for _, total, pages, _, _, _ in rows if pages
            ),
            sum(rereads for _, _, _, rereads, _, _ in rows),
            _oldest(read_at, record),
        )
        before = after


def _pages(total: int | None) -> int:
    return max(1, -(-(total or 0) // PAGE_SIZE))


_Row = tuple[tuple[str, ...], int | None, int, int, str, datetime]


def _ledger(data_dir: Path, record: BatchRecord) -> Iterator[_Row]:
    columns = ["asset", "fiat", "side", "total_last", "pages", "rereads", "verdict", "swept_at"]
    for file in record.files:
        if "/sweeps/" in file.path:
            for row in pq.read_table(data_dir / file.path, columns=columns).to_pylist():
                asset, fiat, side, *others = (row[name] for name in columns)
                yield (asset, fiat, side), *others


def _oldest(read_at: dict[tuple[str, ...], datetime | None], record: BatchRecord) -> float | None:
    deferred = sum(each.count for each in record.deferred)
    known = [moment for moment in read_at.values() if moment is not None]
    if not known or len(known) < record.planned + deferred:
        return None
    return (record.ended_at - min(known)).total_seconds()
