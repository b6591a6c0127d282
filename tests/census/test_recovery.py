from datetime import timedelta

import pandas as pd
import pytest

from items import AD_COLUMNS, SWEEP_COLUMNS, Market, Refusal, Shortfall, Side, Status, Sweep
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.census.killed import KILLED
from p2p_scrapy.census.recovery import recover
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.paths import BatchPaths


@pytest.fixture
def settings(config, tmp_path):
    return config(P2P_DATA_DIR=str(tmp_path))


@pytest.fixture
def paths(tmp_path, epoch):
    return BatchPaths(tmp_path, epoch)


@pytest.fixture
def header(epoch):
    return {
        "batch_id": "batch-1",
        "started_at": epoch,
        "sample": False,
        "scope": {},
        "interval_seconds": 600,
        "columns": AD_COLUMNS,
        "sweep_columns": SWEEP_COLUMNS,
        "journal_version": "1",
        "schema_version": "1",
        "venue": "binance",
    }


@pytest.fixture
def left(paths, header, epoch):
    """Leave a journal as a kill would, its header changed like this; both sides had been read."""
    reads = [("read", read_sweep(epoch, side)) for side in ("BUY", "SELL")]

    def leave(*records, **changes):
        log = Journal(paths.journal)
        for kind, payload in (("batch", header | changes), *reads, *records):
            log.append(kind, payload)
        log.close()

    return leave


def complete_sweep(epoch, side="BUY"):
    row = dict.fromkeys(SWEEP_COLUMNS) | {
        "asset": "USDT",
        "fiat": "VES",
        "side": side,
        "verdict": "complete",
        "unique": 1,
        "started_at": epoch,
        "swept_at": epoch + timedelta(seconds=2),
        "rows": 1,
    }
    return list(row.values())


def read_sweep(epoch, side):
    """What the journal says of a sweep before its ads go into the pipelines."""
    return Sweep(
        venue="binance",
        batch_id="batch-1",
        asset="USDT",
        fiat="VES",
        side=side,
        started_at=epoch - timedelta(seconds=1),
        first_response_at=epoch,
        swept_at=epoch + timedelta(seconds=7),
        lane="proxy-1",
        total_first=80,
        total_last=80,
        rows=81,
        unique=80,
        promoted=1,
        duplicates=0,
        refused=0,
        pages=4,
        rereads=1,
        verdict="partial",
        error="81 ads were lost in the pipelines",
    ).row()


def test_an_empty_folder(settings, clock):
    assert recover(settings, clock) == []


def test_a_killed_batch_is_brought_into_the_lake(settings, clock, left, paths, ad, epoch):
    bid = ad("1", trade_type="BUY")
    asks = [ad("2", observed_at=epoch + timedelta(seconds=7)), ad("3", promoted=True)]
    left(
        ("plan", ["USDT/VES BUY", "USDT/VES SELL", "BTC/VES BUY"]),
        ("ad", bid.row()),
        ("sweep", complete_sweep(epoch)),
        *(("ad", each.row()) for each in asks),
        ("refusal", Refusal.of(ad("4"), "no_price")),
        ("refusal", Refusal.of(ad(None), "empty_adv_no")),
    )
    told = recover(settings, clock)
    assert told == ["the batch of 2026-06-05 13:30:00 UTC was killed: 3 ads recovered, partial"]
    assert not paths.journal.exists()
    record = manifest.read(paths.manifest)
    assert (record.status, record.stopped, record.batch_id) == (Status.PARTIAL, "killed", "batch-1")
    assert (record.planned, record.complete, record.partial, record.failed) == (3, 1, 1, 0)
    assert record.ads == {"buy": 1, "sell": 2}
    assert record.refused == {"no_price": 1, "empty_adv_no": 1}
    assert record.unread == ["BTC/VES BUY"]
    assert record.shortfalls == [Shortfall("USDT/VES SELL", "partial", KILLED)]
    assert record.ended_at == epoch + timedelta(seconds=7)
    assert list(pd.read_parquet(paths.snapshot(Side.SELL))["adv_no"]) == ["2", "3"]
    assert list(pd.read_parquet(paths.snapshot(Side.BUY))["adv_no"]) == ["1"]


def test_the_ledger_row_of_a_sweep_that_was_cut_short(settings, clock, left, paths, ad, epoch):
    left(
        ("ad", ad("2", observed_at=epoch + timedelta(seconds=7)).row()),
        ("ad", ad("3", promoted=True).row()),
        ("refusal", Refusal.of(ad("4"), "no_price")),
    )
    recover(settings, clock)
    (row,) = pd.read_parquet(paths.ledger).to_dict("records")
    assert Market(row["asset"], row["fiat"], Side(row["side"])) == ad("1").market
    assert (row["verdict"], row["error"], row["batch_id"]) == ("partial", KILLED, "batch-1")
    assert (row["rows"], row["unique"], row["promoted"], row["refused"]) == (3, 2, 1, 1)
    assert (row["lane"], row["pages"], row["rereads"]) == ("proxy-1", 4, 1)
    assert (row["total_first"], row["total_last"]) == (80, 80)
    assert row["started_at"] == epoch - timedelta(seconds=1)
    assert row["first_response_at"] == epoch
    assert row["swept_at"] == epoch + timedelta(seconds=7)


def test_a_sweep_of_which_nothing_had_passed_is_unread(settings, clock, left, paths, ad):
    left(("plan", ["USDT/VES BUY", "USDT/VES SELL"]), ("ad", ad("1").row()))
    recover(settings, clock)
    record = manifest.read(paths.manifest)
    assert (record.partial, record.unread) == (1, ["USDT/VES BUY"])
    assert len(pd.read_parquet(paths.ledger)) == 1


def test_markets_that_were_taken_up_later_belong_to_the_plan(settings, clock, left, paths, epoch):
    left(
        ("plan", ["USDT/VES SELL"]), ("plan", ["USDT/VES BUY"]), ("sweep", complete_sweep(epoch))
    )  # fmt: skip
    recover(settings, clock)
    record = manifest.read(paths.manifest)
    assert (record.planned, record.complete, record.unread) == (2, 1, ["USDT/VES SELL"])


def test_a_batch_without_an_answer_is_a_failed_one(settings, clock, left, paths, tmp_path):
    left(("plan", ["USDT/VES BUY"]))
    recover(settings, clock)
    assert manifest.read(paths.manifest).status == Status.FAILED
    assert Checkpoint.load(tmp_path).consecutive_failures == 1


def test_a_partial_batch_ends_a_row_of_failures(settings, clock, left, ad, tmp_path):
    Checkpoint(consecutive_failures=4).save(tmp_path)
    left(("ad", ad("1").row()))
    recover(settings, clock)
    assert Checkpoint.load(tmp_path) == Checkpoint(consecutive_failures=0)


def test_a_sample_stays_out_of_the_census(settings, clock, left, ad, tmp_path, epoch):
    left(("ad", ad("1").row()), sample=True)
    recover(settings, clock)
    assert manifest.read(BatchPaths(tmp_path, epoch, sample=True).manifest).sample
    assert not (tmp_path / "raw").exists()
    assert not (tmp_path / "checkpoint.json").exists()


def test_a_journal_whose_manifest_stands_is_let_go(settings, clock, left, paths, ad):
    left(("ad", ad("1").row()))
    paths.manifest.parent.mkdir(parents=True)
    paths.manifest.write_text("{}")
    assert recover(settings, clock) == []
    assert (paths.journal.exists(), paths.manifest.read_text()) == (False, "{}")


def test_a_journal_without_a_whole_record_is_let_go(settings, clock, paths):
    paths.journal.parent.mkdir()
    paths.journal.write_bytes(b"\x10\x00")
    assert recover(settings, clock) == []
    assert not paths.journal.exists()


def test_a_second_kill_during_recovery_changes_nothing(settings, clock, left, paths, ad):
    left(("plan", ["USDT/VES SELL"]), ("ad", ad("1").row()))
    whole = paths.journal.read_bytes()
    recover(settings, clock)
    first = manifest.read(paths.manifest)
    paths.manifest.unlink()
    paths.journal.write_bytes(whole)
    recover(settings, clock)
    assert manifest.read(paths.manifest) == first


def test_a_journal_of_other_columns_is_set_aside_whole(settings, clock, left, paths):
    left(columns=[*AD_COLUMNS, "one_more"])
    whole = paths.journal.read_bytes()
    aside = paths.journal.with_name("batch_20260605_133000.journal")
    assert recover(settings, clock) == [f"{aside} cannot be read by this version and is set aside"]
    assert aside.read_bytes() == whole
    assert recover(settings, clock) == []


@pytest.mark.parametrize("columns", [AD_COLUMNS[:20], AD_COLUMNS[1:]], ids=["fewer", "shifted"])
def test_rows_of_other_columns_are_set_aside_too(settings, clock, left, ad, columns):
    values = dict(zip(AD_COLUMNS, ad("1", fetched_date="2026-06-05").row(), strict=True))
    left(("ad", [values[name] for name in columns]), columns=columns)
    assert len(recover(settings, clock)) == 1


def test_sweeps_of_other_columns_are_set_aside_too(settings, clock, left, epoch):
    left(("sweep", complete_sweep(epoch)[:-1]), schema_version="0")
    assert len(recover(settings, clock)) == 1


def test_a_journal_that_cannot_become_files_keeps_no_later_start(settings, clock, left, ad, paths):
    row = list(ad("1").row())
    row[AD_COLUMNS.index("price")] = "no number"
    left(("ad", row))
    (said,) = recover(settings, clock)
    assert "cannot become files" in said
    assert paths.journal.with_name("batch_20260605_133000.journal").exists()
    assert recover(settings, clock) == []


def test_a_journal_that_was_damaged_in_its_middle_is_kept_and_said(
    settings, clock, left, ad, paths
):
    left(*(("ad", ad(str(number)).row()) for number in range(10)))
    content = bytearray(paths.journal.read_bytes())
    content[len(content) * 4 // 5] ^= 1  # the first record, with the column names, is long
    paths.journal.write_bytes(bytes(content))
    (said,) = recover(settings, clock)
    assert "are damaged and NOT recovered" in said
    copy = paths.journal.with_name("damaged_batch_20260605_133000.journal")
    assert copy.read_bytes() == bytes(content)
    assert 0 < sum(manifest.read(paths.manifest).ads.values()) < 10
