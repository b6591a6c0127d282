from dataclasses import MISSING, fields
from datetime import timedelta
from typing import get_origin

import pyarrow as pa
import pytest

from items import AD_SCHEMA, SWEEP_SCHEMA, BatchRecord, FileRecord, Market, Side, Status
from p2p_scrapy.census.history import History
from p2p_scrapy.census.market_history import MarketHistory
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.parquet import write_table
from p2p_scrapy.lake.paths import BatchPaths

VES, BOB = Market("USDT", "VES", Side.SELL), Market("USDT", "BOB", Side.SELL)

NOTHING = {int: 0, str: "", bool: False}
EMPTY = {
    field.name: field.type() if get_origin(field.type) in (list, dict) else NOTHING.get(field.type)
    for field in fields(BatchRecord)
    if field.default is MISSING and field.default_factory is MISSING
}
"""A record of nothing: zeros, and empty lists and dictionaries."""


@pytest.fixture
def write_batch(tmp_path, epoch):
    """A batch in the lake, so many intervals after the first, of (market, total, verdict)."""

    def write(number, *sweeps, refused=0, books=()):
        started_at = epoch + timedelta(seconds=600 * number)
        paths = BatchPaths(tmp_path, started_at)
        rows = [
            dict.fromkeys(SWEEP_SCHEMA.names)
            | {
                "asset": market.asset,
                "fiat": market.fiat,
                "side": market.side,
                "total_last": total,
                "unique": total,
                "verdict": verdict,
                "started_at": started_at + timedelta(seconds=1),
                "swept_at": started_at + timedelta(seconds=5),
            }
            for market, total, verdict in sweeps
        ]
        write_table(pa.Table.from_pylist(rows, SWEEP_SCHEMA), paths.ledger)
        for side in Side:
            write_table(_snapshot(side, books), paths.snapshot(side))
        ledger = paths.ledger.relative_to(tmp_path).as_posix()
        record = BatchRecord(
            **EMPTY
            | {
                "batch_id": f"{number}",
                "started_at": started_at,
                "ended_at": started_at,
                "status": Status.COMPLETED,
                "refused": {"no_price": refused} if refused else {},
                "files": [FileRecord(ledger, len(rows), 0, "")],
            }
        )
        manifest.write(record, paths.manifest)
        return paths

    return write


def _snapshot(side, books):
    """The ads (market, number, price) of one side; of number 0 the rank is not known."""
    rows = [
        dict.fromkeys(AD_SCHEMA.names)
        | {
            "asset": market.asset,
            "fiat": market.fiat,
            "trade_type": market.side,
            "adv_no": f"{market.fiat}{number}",
            "price": float(price),
            "rank": number or None,
        }
        for market, number, price in books
        if market.side is side
    ]
    return pa.Table.from_pylist(rows, AD_SCHEMA)


@pytest.fixture
def load(tmp_path, epoch):
    """The history of the folder, a day after the first batch."""
    return lambda: History.load(tmp_path, epoch + timedelta(days=1))


@pytest.fixture
def at(epoch):
    """A moment of a batch."""
    return lambda number, seconds=0: epoch + timedelta(seconds=600 * number + seconds)


def test_an_empty_lake(tmp_path, load):
    assert load() == History(markets={}, refused=0.0)
    assert not (tmp_path / "markets.json").exists()


def test_the_last_word_on_each_market(write_batch, load, at):
    write_batch(0, (VES, 30, "complete"), (BOB, 7, "complete"))
    write_batch(1, (VES, 40, "partial"))
    write_batch(2, (VES, None, "failed"))
    assert load().markets == {
        VES: MarketHistory(
            total=40,
            asked_at=at(2, 1),
            complete_unique=30,
            complete_at=at(0, 5),
            complete_in=at(0),
        ),
        BOB: MarketHistory(
            total=7, asked_at=at(0, 1), complete_unique=7, complete_at=at(0, 5), complete_in=at(0)
        ),
    }


def test_the_usual_number_of_refused_ads_is_the_median(write_batch, load):
    for number, refused in enumerate((0, 10, 1000)):
        write_batch(number, refused=refused)
    assert load().refused == 10


def test_usual_is_what_the_last_twelve_batches_had(write_batch, load):
    for number in range(13):
        write_batch(number, (VES, number, "complete"), refused=1000 if number == 0 else number)
    assert load().refused == 6.5


def test_a_market_is_not_forgotten_however_long_it_is_not_read(write_batch, load, at):
    write_batch(0, (BOB, 7, "complete"))
    load()
    for number in range(1, 100):
        write_batch(number, (VES, number, "complete"))
        if number % 40 == 0:
            load()
    history = load()
    assert (history.markets[BOB].total, history.markets[BOB].complete_at) == (7, at(0, 5))
    assert (history.markets[VES].total, history.markets[VES].complete_at) == (99, at(99, 5))


def test_that_a_market_is_told_to_be_delisted_is_kept_until_it_is_read_again(
    write_batch, load, tmp_path
):
    write_batch(0, (VES, 30, "complete"), (BOB, 40, "complete"))
    load().delist([VES, BOB], tmp_path)
    write_batch(1, (BOB, 40, "complete"))
    markets = load().markets
    assert (markets[VES].is_delisted, markets[VES].complete_unique) == (True, 30)
    assert not markets[BOB].is_delisted


def test_a_batch_is_entered_once(write_batch, load):
    write_batch(0, (VES, 2, "complete"), books=[(VES, 1, 50), (VES, 2, 51)])
    write_batch(1, (VES, 2, "complete"), books=[(VES, 1, 50), (VES, 2, 52)])
    first = load()
    assert (first.markets[VES].changes, first.markets[VES].watched) == (1, 2 * 600)
    assert load() == first


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"through": 5}', b"\xff"])
def test_what_is_kept_is_made_anew_from_the_lake(write_batch, load, tmp_path, content):
    for number in range(20):
        write_batch(number, (VES if number % 15 else BOB, number, "complete"))
    before = load()
    kept = tmp_path / "markets.json"
    kept.unlink() if content is None else kept.write_bytes(content)
    assert load() == before
    assert before.markets.keys() == {VES, BOB}


def test_it_is_made_anew_from_six_hours_alone(write_batch, load):
    write_batch(0, (BOB, 7, "complete"))
    for number in range(60, 100):
        write_batch(number, (VES, number, "complete"))
    assert load().markets.keys() == {VES}


def test_a_batch_of_another_clock_that_lies_in_the_future_is_left_out(write_batch, tmp_path, at):
    write_batch(0, (VES, 30, "complete"), refused=4)
    write_batch(100, (VES, 99, "complete"), refused=8)
    assert History.load(tmp_path, at(100)).markets[VES].total == 99
    write_batch(1, (VES, 31, "complete"), refused=6)
    history = History.load(tmp_path, at(2))
    assert (history.markets[VES].total, history.refused) == (31, 5)
    assert history.markets[VES].complete_at == at(1, 5)


def test_where_nothing_can_be_kept_the_batch_goes_on(write_batch, load, tmp_path, caplog):
    write_batch(0, (VES, 30, "complete"))
    (tmp_path / "markets.json").mkdir()
    assert load().markets[VES].total == 30
    assert "could not be kept" in caplog.messages[-1]


def test_changes_are_ads_that_came_went_or_have_another_price(write_batch, load):
    write_batch(
        0, (VES, 4, "complete"), (BOB, 1, "complete"),
        books=[*((VES, n, 50) for n in (1, 2, 3, 4)), (BOB, 1, 7)],
    )  # fmt: skip
    write_batch(
        1, (VES, 5, "complete"), (BOB, 1, "complete"),
        books=[*((VES, n, 50) for n in (1, 2)), (VES, 3, 51), (VES, 5, 50), (VES, 6, 50),
               (BOB, 1, 7), (BOB, 0, 8)],
    )  # fmt: skip
    markets = load().markets
    assert (markets[VES].changes, markets[VES].watched) == (3, 5 * 600)
    assert (markets[BOB].changes, markets[BOB].watched) == (0, 600)


def test_changes_are_since_the_last_complete_reading_however_long_ago(write_batch, load):
    write_batch(0, (VES, 2, "complete"), (BOB, 1, "complete"), books=[(VES, 1, 50), (VES, 2, 50)])
    write_batch(1, (BOB, 1, "complete"), books=[(BOB, 1, 7)])
    write_batch(2, (VES, 2, "partial"), books=[(VES, 1, 99)])
    load()
    write_batch(3, (VES, 2, "complete"), books=[(VES, 1, 50), (VES, 3, 50)])
    markets = load().markets
    assert (markets[VES].changes, markets[VES].watched) == (1, 2 * 1800)
    assert markets[BOB].watched == 0


def test_older_changes_fade(write_batch, load):
    prices = [50, 51, 51, 52]
    for number, price in enumerate(prices):
        write_batch(number, (VES, 1, "complete"), books=[(VES, 1, price)])
        history = load()
    assert history.markets[VES].changes == pytest.approx(1 * 0.8**2 + 0 + 1)
    assert history.markets[VES].watched == pytest.approx(600 * (0.8**2 + 0.8 + 1))


@pytest.mark.parametrize("gone", [0, 1])
def test_of_a_snapshot_that_is_gone_no_changes_are_known(write_batch, load, caplog, gone):
    written = [write_batch(n, (VES, 1, "complete"), books=[(VES, 1, n)]) for n in (0, 1)]
    written[gone].snapshot(Side.SELL).unlink()
    assert load().markets[VES].watched == 0
    assert "What has changed since" in caplog.text


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff"])
def test_a_manifest_that_cannot_be_read_is_left_out_and_said(write_batch, load, caplog, content):
    write_batch(0, (VES, 30, "complete"), refused=4)
    broken = write_batch(1, (VES, 99, "complete"), refused=8)
    broken.manifest.write_bytes(content)
    history = load()
    assert (history.markets[VES].total, history.refused) == (30, 4)
    assert len(caplog.messages) == 1
    assert f"{broken.manifest} cannot be read and is left out" in caplog.messages[0]


def test_a_ledger_that_cannot_be_read_is_left_out_and_said(load, write_batch, caplog):
    write_batch(0, (VES, 30, "complete"))
    gone = write_batch(1, (VES, 98, "complete"))
    cut = write_batch(2, (VES, 99, "complete"))
    gone.ledger.unlink()
    cut.ledger.write_bytes(cut.ledger.read_bytes()[:-9])
    assert load().markets[VES].total == 30
    assert [message.partition(" ")[0] for message in caplog.messages] == [
        str(gone.ledger),
        str(cut.ledger),
    ]


def test_a_ledger_of_other_columns_is_left_out_and_said(load, write_batch, caplog):
    paths = write_batch(0, (VES, 30, "complete"))
    write_table(pa.table({"asset": ["USDT"], "fiat": ["VES"], "side": ["SELL"]}), paths.ledger)
    assert load().markets == {}
    assert f"{paths.ledger} cannot be read and is left out" in caplog.messages[0]
