import json
from decimal import Decimal

import pytest

from items.futures import TRADE_SCHEMA
from p2p_scrapy.futures.frames import (
    UnreadableAnswerError,
    decode_frames,
    decode_snapshot,
    decode_trades_answer,
)

TIME = 1789478303557
SNAPSHOT = {
    "lastUpdateId": 11563384769463,
    "E": TIME + 3,
    "T": TIME,
    "bids": [["76914.90", "5.878"], ["76914.80", "0.002"]],
    "asks": [["76915.00", "2.149"]],
}


def test_a_snapshot_is_a_book_of_the_symbol_asked_for():
    snapshot = decode_snapshot(json.dumps(SNAPSHOT).encode(), "BTCUSDT")
    assert (snapshot.symbol, snapshot.last_update_id) == ("BTCUSDT", 11563384769463)
    assert snapshot.transaction_ms == TIME
    assert [each["price"] for each in snapshot.bids.to_pylist()] == [
        Decimal("76914.90"),
        Decimal("76914.80"),
    ]
    assert snapshot.asks.to_pylist() == [{"price": 76915, "quantity": Decimal("2.149")}]


def test_recorded_answers_are_read(recorded):
    bodies = [line.body for line in recorded("um_frames_2026.jsonl")]
    (snapshot,) = (body for body in bodies if body.startswith(b'{"lastUpdateId"'))
    assert len(decode_snapshot(snapshot, "BTCUSDT").asks) == 5
    (trades,) = (body for body in bodies if body.startswith(b'[{"a"'))
    batch = decode_trades_answer(trades, "BTCUSDT", 1)
    assert batch.schema.equals(TRADE_SCHEMA, check_metadata=True)
    assert batch.column("agg_trade_id").to_pylist() == [3450415493, 3450415494]


def test_a_healed_trade_is_the_streams_but_for_the_time_of_sending(trade_frame):
    (streamed,) = decode_frames([trade_frame(5)], [7]).trades.to_pylist()
    told = json.loads(trade_frame(5))["data"]
    entry = {key: value for key, value in told.items() if key not in ("e", "E", "s", "st")}
    (healed,) = decode_trades_answer(json.dumps([entry]).encode(), "BTCUSDT", 7).to_pylist()
    assert healed == streamed | {"event_time": None}


def test_no_trades_are_an_empty_batch():
    assert decode_trades_answer(b"[]", "BTCUSDT", 1).num_rows == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"\xff",
        b"{}",
        json.dumps(SNAPSHOT | {"bids": None}).encode(),
        json.dumps(SNAPSHOT | {"asks": [["1", "2", "3"]]}).encode(),
        json.dumps(SNAPSHOT | {"asks": [["1.123456789", "2"]]}).encode(),
        json.dumps(SNAPSHOT | {"T": TIME * 1000}).encode(),
    ],
)
def test_what_is_no_snapshot_is_said(body):
    with pytest.raises(UnreadableAnswerError, match="/fapi/v1/depth for BTCUSDT cannot be read"):
        decode_snapshot(body, "BTCUSDT")


@pytest.mark.parametrize("body", [b"", b"{}", b'[{"a":1}]', b"[[]]", b'{"code":-1121}'])
def test_what_are_no_trades_is_said(body):
    with pytest.raises(UnreadableAnswerError, match="/fapi/v1/aggTrades for X cannot be read"):
        decode_trades_answer(body, "X", 1)
