from datetime import UTC, datetime
from pathlib import Path

from items import Side
from p2p_scrapy.lake.paths import BatchPaths

STARTED_AT = datetime(2026, 6, 5, 3, 7, 9, tzinfo=UTC)


def below(paths):
    files = [
        paths.snapshot(Side.BUY),
        paths.snapshot(Side.SELL),
        paths.ledger,
        paths.manifest,
        paths.rejected,
        paths.responses,
        paths.journal,
    ]
    return [file.relative_to("/data").as_posix() for file in files]


def test_the_files_of_a_batch():
    day = "year=2026/month=06/day=05"
    assert below(BatchPaths(Path("/data"), STARTED_AT)) == [
        f"raw/buy_ads/{day}/snapshot_20260605_030709.parquet",
        f"raw/sell_ads/{day}/snapshot_20260605_030709.parquet",
        f"raw/sweeps/{day}/sweeps_20260605_030709.parquet",
        f"raw/batches/{day}/batch_20260605_030709.json",
        f"rejected/{day}/rejected_20260605_030709.jsonl.gz",
        f"raw/responses/{day}/responses_20260605_030709.jsonl.gz",
        "journal/.batch_20260605_030709.journal.tmp",
    ]


def test_a_sample_lies_apart_from_the_census():
    day = "year=2026/month=06/day=05"
    assert below(BatchPaths(Path("/data"), STARTED_AT, sample=True)) == [
        f"samples/buy_ads/{day}/snapshot_20260605_030709.parquet",
        f"samples/sell_ads/{day}/snapshot_20260605_030709.parquet",
        f"samples/sweeps/{day}/sweeps_20260605_030709.parquet",
        f"samples/batches/{day}/batch_20260605_030709.json",
        f"samples/rejected/{day}/rejected_20260605_030709.jsonl.gz",
        f"samples/responses/{day}/responses_20260605_030709.jsonl.gz",
        "journal/.batch_20260605_030709.journal.tmp",
    ]
