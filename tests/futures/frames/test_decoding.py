import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from items.futures import DEPTH_SCHEMA, TRADE_SCHEMA
from p2p_scrapy.futures.frames import decode_frames
from p2p_scrapy.futures.frames.levels import level_columns

RECORDINGS = (
    "um_btcusdt_20240808_60s.jsonl.gz",
    "um_4symbols_20210722_combined_100ms.jsonl.gz",
    "um_frames_2026.jsonl",
)
DEPTHS = ("depth5@100ms", "depth10", "depth20@100ms", "depth20@500ms")
DIFFS = ("depth", "depth@0ms", "depth@100ms", "depth@500ms")
RECEIVED = datetime(2026, 8, 8, 7, tzinfo=UTC)
RECEIVED_US = int(RECEIVED.timestamp()) * 1_000_000


def decode(*frames):
    return decode_frames(frames, [RECEIVED_US] * len(frames))


def moment(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def levels(side):
    return [{"price": Decimal(price), "quantity": Decimal(quantity)} for price, quantity in side]


def trade_row(data, received_at):
    """What the plainest reader makes of it."""
    return {
        "symbol": data["s"],
        "agg_trade_id": data["a"],
        "price": Decimal(data["p"]),
        "quantity": Decimal(data["q"]),
        "first_trade_id": data["f"],
        "last_trade_id": data["l"],
        "transact_time": moment(data["T"]),
        "is_buyer_maker": data["m"],
        "event_time": moment(data["E"]),
        "normal_quantity": Decimal(data["nq"]) if "nq" in data else None,
        "received_at": received_at,
    }


def depth_row(data, received_at):
    return {
        "symbol": data["s"],
        "event_time": moment(data["E"]),
        "transaction_time": moment(data["T"]),
        "first_update_id": data["U"],
        "final_update_id": data["u"],
        "previous_final_update_id": data["pu"],
        "bids": levels(data["b"]),
        "asks": levels(data["a"]),
        "received_at": received_at,
    }


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recorded_frame_becomes_its_row(recorded, name):
    lines = [line for line in recorded(name) if line.is_frame]
    decoded = decode_frames([line.body for line in lines], [RECEIVED_US] * len(lines))
    told = [line.told for line in lines]
    assert decoded.broken == []
    for batch, row, suffixes in (
        (decoded.trades, trade_row, ("aggTrade",)),
        (decoded.depth, depth_row, DEPTHS),
        (decoded.diffs, depth_row, DIFFS),
    ):
        of_batch = [each for each in told if each["stream"].partition("@")[2] in suffixes]
        assert batch.to_pylist() == [row(each["data"], RECEIVED) for each in of_batch]
    rows = decoded.trades.num_rows + decoded.depth.num_rows + decoded.diffs.num_rows
    assert rows + len(decoded.others) == len(lines)


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_batch_is_its_frames_one_by_one(recorded, name):
    lines = [line for line in recorded(name) if line.is_frame][:300]
    frames = [line.body for line in lines]
    times = range(RECEIVED_US, RECEIVED_US + len(frames))
    whole = decode_frames(frames, times)
    parts = [decode_frames([frame], [time]) for frame, time in zip(frames, times, strict=True)]
    for name_of in ("trades", "depth", "diffs"):
        rows = [row for part in parts for row in getattr(part, name_of).to_pylist()]
        assert getattr(whole, name_of).to_pylist() == rows
    assert whole.others == [frame for part in parts for frame in part.others]


def test_nothing_is_three_empty_batches():
    decoded = decode()
    assert decoded.trades.schema.equals(TRADE_SCHEMA, check_metadata=True)
    assert decoded.depth.schema.equals(DEPTH_SCHEMA, check_metadata=True)
    assert decoded.diffs.num_rows == decoded.trades.num_rows == decoded.depth.num_rows == 0


@pytest.mark.parametrize("suffix", DEPTHS)
def test_a_partial_book_is_told_by_its_streams_name(depth_frame, suffix):
    decoded = decode(depth_frame(stream=f"btcusdt@{suffix}"))
    assert (decoded.depth.num_rows, decoded.diffs.num_rows) == (1, 0)


@pytest.mark.parametrize("suffix", DIFFS)
def test_a_change_of_the_book_is_told_by_its_streams_name(depth_frame, suffix):
    decoded = decode(depth_frame(stream=f"btcusdt@{suffix}"))
    assert (decoded.depth.num_rows, decoded.diffs.num_rows) == (0, 1)


@pytest.mark.parametrize(
    "frame",
    [
        b'{"result":null,"id":1}',
        b'{"e":"serverShutdown","E":1786171884624}',
        b'{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker"}}',
        b'{"stream":"btcusdt@depth2000","data":{}}',
    ],
)
def test_what_is_not_stored_is_handed_on(frame):
    decoded = decode(frame)
    assert decoded.others == [frame]
    assert decoded.broken == []


def test_a_symbol_may_have_any_letters(trade_frame):
    assert decode(trade_frame(s="牛来USDT")).trades.to_pylist()[0]["symbol"] == "牛来USDT"


def test_keys_of_tomorrow_are_passed_over(trade_frame, depth_frame):
    decoded = decode(trade_frame(zz={"new": [1]}), depth_frame(zz="new"))
    assert decoded.trades.num_rows == decoded.diffs.num_rows == 1


def test_a_side_may_be_empty(depth_frame):
    (row,) = decode(depth_frame(b=[], a=[])).diffs.to_pylist()
    assert row["bids"] == row["asks"] == []


def test_a_book_without_a_past_is_kept(depth_frame):
    (row,) = decode(depth_frame(2, -1, stream="x@depth5")).depth.to_pylist()
    assert row["previous_final_update_id"] == -1


def test_spaces_and_escapes_mean_what_json_means(depth_frame):
    spaced = depth_frame(b=[]).replace(b'"b":[]', b'"b": [ ["1.5", "2"],\n["1.\\u0034","3"] ]')
    (row,) = decode(spaced).diffs.to_pylist()
    assert row["bids"] == levels([("1.5", "2"), ("1.4", "3")])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"a": "7"}, "int"),
        ({"a": 2**63}, "out of range|too large|too big|int64"),
        ({"p": "1.123456789"}, "data loss"),
        ({"p": "12345678901"}, "precision"),
        ({"p": ""}, "[Ee]mpty"),
        ({"q": "NaN"}, "NaN"),
        ({"nq": "0.0000001"}, "data loss"),
        ({"T": 1786171884471000}, "1786171884471000 is not in milliseconds"),
        ({"E": 1786171884}, "1786171884 is not in milliseconds"),
        ({"s": None}, "str"),
    ],
)
def test_a_trade_that_does_not_fit_costs_only_itself(trade_frame, changes, told):
    bad = trade_frame(3, **changes)
    decoded = decode(trade_frame(1), trade_frame(2), bad, trade_frame(4))
    assert decoded.trades.column("agg_trade_id").to_pylist() == [1, 2, 4]
    (broken,) = decoded.broken
    assert broken.frame == bad
    assert re.search(told, broken.error)


@pytest.mark.parametrize(
    "side",
    [
        [["1.5"]],
        [["1.5", "1", "2"]],
        [["1.5", 1]],
        [["-1.5", "1"]],
        [["1.5", "1e3"]],
        [["1.5", ""]],
        [["1.2.3", "1"]],
        [["1,2", "3"]],
        [["1", '2"]["3']],
        [["", ""]],
        [["12345678901", "1"]],
        [["1", "1234567890123"]],
        [[".", "1"]],
        {},
        None,
        "1.5",
        [[]],
        [[["1", "2"]]],
    ],
)
@pytest.mark.parametrize("key", ["b", "a"])
def test_levels_that_are_none_cost_only_their_frame(depth_frame, key, side):
    bad = depth_frame(3, 2, **{key: side})
    decoded = decode(depth_frame(1, 0), depth_frame(2, 1), bad, depth_frame(4, 3))
    assert decoded.diffs.column("final_update_id").to_pylist() == [1, 2, 4]
    assert [each.frame for each in decoded.broken] == [bad]


@pytest.mark.parametrize("lost", [b"", b"{", b"[]", b"null", b"\xff", b'{"stream":7,"data":{}}'])
def test_a_frame_that_is_no_frame_costs_only_itself(trade_frame, lost):
    decoded = decode(trade_frame(1), lost, trade_frame(2))
    assert decoded.trades.num_rows == 2
    assert [each.frame for each in decoded.broken] == [lost]


@pytest.mark.parametrize("key", ["E", "a", "s", "p", "q", "f", "l", "T", "m"])
def test_a_trade_without_a_key_is_none(trade_frame, key):
    decoded = decode(trade_frame().replace(f'"{key}":'.encode(), b'"other":'))
    assert decoded.trades.num_rows == 0
    assert key in decoded.broken[0].error


NUMBERS = st.decimals(
    min_value=0, max_value=Decimal("9999999999.99"), places=3, allow_nan=False
).map(str)
SIDES = st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6), max_size=6)


@given(SIDES)
def test_all_sides_of_a_batch_are_told_apart(sides):
    texts = [_text(side) for side in sides]
    assert level_columns(texts).to_pylist() == [levels(side) for side in sides]


def _text(side):
    return ("[" + ",".join(f'["{price}","{quantity}"]' for price, quantity in side) + "]").encode()
