from dataclasses import MISSING, fields
from datetime import timedelta
from typing import get_origin

import pyarrow as pa
import pytest

from items import SWEEP_SCHEMA, BatchRecord, FileRecord, Market, Side, Status
from p2p_scrapy.census.history import History, MarketHistory
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

    def write(number, *sweeps, refused=0):
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
                "swept_at": started_at + timedelta(seconds=5),
            }
            for market, total, verdict in sweeps
        ]
        write_table(pa.Table.from_pylist(rows, SWEEP_SCHEMA), paths.ledger)
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


def test_an_empty_lake(tmp_path):
    assert History.load(tmp_path) == History(markets={}, refused=0.0)


def test_the_last_word_on_each_market(tmp_path, write_batch, epoch):
    write_batch(0, (VES, 30, "complete"), (BOB, 7, "complete"))
    write_batch(1, (VES, 40, "partial"))
    write_batch(2, (VES, None, "failed"))
    assert History.load(tmp_path).markets == {
        VES: MarketHistory(total=40, complete_unique=30, complete_at=epoch + timedelta(seconds=5)),
        BOB: MarketHistory(total=7, complete_unique=7, complete_at=epoch + timedelta(seconds=5)),
    }


def test_the_usual_number_of_refused_ads_is_the_median(tmp_path, write_batch):
    for number, refused in enumerate((0, 10, 1000)):
        write_batch(number, refused=refused)
    assert History.load(tmp_path).refused == 10


def test_only_the_last_twelve_batches_are_looked_at(tmp_path, write_batch):
    write_batch(0, (BOB, 7, "complete"), refused=1000)
    for number in range(1, 13):
        write_batch(number, (VES, number, "complete"), refused=1)
    history = History.load(tmp_path)
    assert set(history.markets) == {VES}
    assert (history.markets[VES].total, history.refused) == (12, 1)


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff"])
def test_a_manifest_that_cannot_be_read_is_left_out_and_said(
    tmp_path, write_batch, caplog, content
):
    write_batch(0, (VES, 30, "complete"), refused=4)
    broken = write_batch(1, (VES, 99, "complete"), refused=8)
    broken.manifest.write_bytes(content)
    history = History.load(tmp_path)
    assert (history.markets[VES].total, history.refused) == (30, 4)
    assert len(caplog.messages) == 1
    assert f"{broken.manifest} cannot be read and is left out" in caplog.messages[0]


def test_a_ledger_that_cannot_be_read_is_left_out_and_said(tmp_path, write_batch, caplog):
    write_batch(0, (VES, 30, "complete"))
    gone = write_batch(1, (VES, 98, "complete"))
    cut = write_batch(2, (VES, 99, "complete"))
    gone.ledger.unlink()
    cut.ledger.write_bytes(cut.ledger.read_bytes()[:-9])
    assert History.load(tmp_path).markets[VES].total == 30
    assert [message.partition(" ")[0] for message in caplog.messages] == [
        str(gone.ledger),
        str(cut.ledger),
    ]


def test_a_ledger_of_other_columns_is_left_out_and_said(tmp_path, write_batch, caplog):
    paths = write_batch(0, (VES, 30, "complete"))
    write_table(pa.table({"asset": ["USDT"], "fiat": ["VES"], "side": ["SELL"]}), paths.ledger)
    assert History.load(tmp_path).markets == {}
    assert f"{paths.ledger} cannot be read and is left out" in caplog.messages[0]
