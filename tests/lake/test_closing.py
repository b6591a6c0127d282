import gzip
import hashlib
import json
import os
from datetime import UTC, datetime

import pandas as pd
import pyarrow.parquet as pq
import pytest

from items import AD_SCHEMA, SWEEP_SCHEMA, Side
from p2p_scrapy.lake import closing, manifest
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths


@pytest.fixture
def records(ad_row, sweep_row):
    ads = [
        ad_row("1", Side.SELL, "VES", "USDT", 2),
        ad_row("2", Side.BUY, "VES", "USDT", 1),
        ad_row("3", Side.SELL, "VES", "USDT", None),
        ad_row("4", Side.SELL, "VES", "BTC", 1),
        ad_row("5", Side.SELL, "BOB", "USDT", 1),
        ad_row("6", Side.SELL, "VES", "USDT", 1),
        ad_row("7", Side.SELL, "VES", "USDT", 21),
    ]
    sweeps = [
        sweep_row("USDT", "VES", "SELL"),
        sweep_row("BTC", "VES", "SELL", verdict="failed", error="no answer"),
        sweep_row("USDT", "BOB", "SELL"),
        sweep_row("USDT", "VES", "BUY"),
    ]
    return [
        ("batch", {"batch_id": "batch-1"}),
        ("plan", ["USDT/VES SELL"]),
        *(("ad", ad) for ad in ads[:4]),
        *(("sweep", sweep) for sweep in sweeps),
        *(("ad", ad) for ad in ads[4:]),
    ]


def files_below(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_the_files_of_a_batch_and_nothing_else(records, write_journal, paths, record):
    write_journal(*records)
    assert close_batch(record, paths) is record
    day = "year=2026/month=06/day=05"
    assert files_below(paths.data_dir) == [
        f"raw/batches/{day}/batch_20260605_133000.json",
        f"raw/buy_ads/{day}/_schema.parquet",
        f"raw/buy_ads/{day}/snapshot_20260605_133000.parquet",
        f"raw/sell_ads/{day}/_schema.parquet",
        f"raw/sell_ads/{day}/snapshot_20260605_133000.parquet",
        f"raw/sweeps/{day}/sweeps_20260605_133000.parquet",
    ]


def test_a_side_is_ordered_by_fiat_asset_and_rank_with_the_unranked_last(
    records, write_journal, paths, record
):
    write_journal(*records)
    close_batch(record, paths)
    frame = pd.read_parquet(paths.snapshot(Side.SELL))
    assert list(frame["adv_no"]) == ["5", "4", "6", "1", "7", "3"]
    assert list(frame["rank"][:5]) == [1, 1, 1, 2, 21]
    assert pd.isna(frame["rank"][5])
    assert list(pd.read_parquet(paths.snapshot(Side.BUY))["adv_no"]) == ["2"]


def test_values_survive_the_journal_and_the_lake(write_journal, paths, record, ad_row):
    row = ad_row("13841467863856627712", Side.BUY, "VES", "USDT", 1, price=0.1 + 0.2)
    write_journal(("ad", row))
    close_batch(record, paths)
    (back,) = pq.read_table(paths.snapshot(Side.BUY)).to_pylist()
    assert list(back.values()) == row
    assert back["observed_at"] == datetime(2026, 6, 5, 13, 30, 4, 500_001, tzinfo=UTC)


def test_the_ledger_is_ordered_by_fiat_asset_and_side(records, write_journal, paths, record):
    write_journal(*records)
    close_batch(record, paths)
    table = pq.read_table(paths.ledger)
    assert table.schema.equals(SWEEP_SCHEMA)
    rows = table.to_pylist()
    assert [(row["fiat"], row["asset"], row["side"], row["verdict"]) for row in rows] == [
        ("BOB", "USDT", "SELL", "complete"),
        ("VES", "BTC", "SELL", "failed"),
        ("VES", "USDT", "BUY", "complete"),
        ("VES", "USDT", "SELL", "complete"),
    ]


def test_a_batch_without_an_ad_has_empty_files(write_journal, paths, record):
    write_journal(("batch", {}))
    close_batch(record, paths)
    for side in Side:
        assert pq.read_table(paths.snapshot(side)).equals(AD_SCHEMA.empty_table())
    assert pq.read_table(paths.ledger).num_rows == 0
    assert [file.rows for file in record.files] == [0, 0, 0]


def test_refused_ads_and_responses_are_json_lines(write_journal, paths, record):
    refusals = [
        {"reason": "no_price", "entry": '{"price": 0.10,\n "price": 1e999}'},
        {"reason": "unparsable", "entry": '"x"'},
    ]
    responses = [{"market": "USDT/VES SELL", "page": 1, "body": "{}"}]
    write_journal(("refusal", refusals[0]), ("response", responses[0]), ("refusal", refusals[1]))
    close_batch(record, paths)
    with gzip.open(paths.rejected, "rt") as lines:
        assert list(lines) == [
            '{"reason":"no_price","entry":{"price": 0.10,  "price": 1e999}}\n',
            '{"reason":"unparsable","entry":"x"}\n',
        ]
    with gzip.open(paths.responses, "rt") as lines:
        assert [json.loads(line) for line in lines] == responses
    assert [(file.path.split("/")[0], file.rows) for file in record.files[3:]] == [
        ("rejected", 2),
        ("raw", 1),
    ]


def test_the_manifest_proves_every_file(records, write_journal, paths, record):
    write_journal(*records, ("refusal", {"reason": "no_price"}))
    close_batch(record, paths)
    kept = manifest.read(paths.manifest)
    assert kept == record
    assert [(file.path.split("/")[-4 - 1], file.rows) for file in kept.files] == [
        ("buy_ads", 1),
        ("sell_ads", 6),
        ("sweeps", 4),
        ("rejected", 1),
    ]
    for file in kept.files:
        content = (paths.data_dir / file.path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)


def test_the_journal_goes_last(records, write_journal, paths, record, monkeypatch):
    write_journal(*records)
    stood = []
    write = manifest.write

    def note_and_write(*given):
        stood.append((paths.journal.exists(), paths.manifest.exists()))
        write(*given)

    monkeypatch.setattr(closing.manifest, "write", note_and_write)
    close_batch(record, paths)
    assert stood == [(True, False)]
    assert (paths.journal.exists(), paths.manifest.exists()) == (False, True)


def test_closing_again_after_a_kill_writes_the_same_files(records, write_journal, paths, record):
    write_journal(*records)
    whole = paths.journal.read_bytes()
    close_batch(record, paths)
    first = {file.path: file for file in record.files}
    names = files_below(paths.data_dir)
    paths.manifest.unlink()  # as a kill just before the manifest would have left it
    (paths.ledger.parent / f".{paths.ledger.name}.tmp").write_bytes(b"half")
    paths.journal.write_bytes(whole)
    close_batch(record, paths)
    assert {file.path: file for file in record.files} == first
    assert files_below(paths.data_dir) == names


def test_a_torn_tail_costs_no_more_than_its_record(records, write_journal, paths, record):
    write_journal(*records)
    with paths.journal.open("ab") as file:
        file.write(b"\x40\x00\x00\x00torn")
    close_batch(record, paths)
    assert [file.rows for file in record.files] == [1, 6, 4]


def test_a_full_disk_keeps_the_journal_and_no_manifest(small_disk, ad_row, record):
    paths = BatchPaths(small_disk, record.started_at)
    log = closing.journal.Journal(paths.journal)
    for number in range(150):
        noise = hashlib.sha512(bytes([number])).hexdigest() * 4
        log.append(
            "ad", ad_row(f"{number}", Side.BUY, "VES", "USDT", number, advertiser_name=noise)
        )
    log.close()
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * 4096 - 8192))
    whole = paths.journal.read_bytes()
    with pytest.raises(OSError, match="No space left"):
        close_batch(record, paths)
    assert paths.journal.read_bytes() == whole
    assert not paths.manifest.exists()
    assert not [path for path in small_disk.rglob("*.tmp") if path != paths.journal]
    ballast.unlink()
    close_batch(record, paths)
    assert pq.read_table(paths.snapshot(Side.BUY)).num_rows == 150


def test_a_batch_whose_journal_is_gone_is_not_closed(paths, record):
    with pytest.raises(FileNotFoundError):
        close_batch(record, paths)
    assert not paths.manifest.exists()
