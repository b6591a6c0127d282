"""Recorded frames over a real WebSocket, through the whole spider."""

import json
import signal
from decimal import Decimal

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.exchange.futures.stream.options import StreamOptions

BTC = "um_btcusdt_20240808_60s.jsonl.gz"
EXPECTED = "um_btcusdt_20240808_expected_top20_first600.jsonl.gz"
FOUR = "um_4symbols_20210722_combined_100ms.jsonl.gz"


@pytest.fixture
def played(scrapy_command, stream_of, recorded, root, wait_until):
    """Stream a recording until all of its frames are there."""

    def play(name, symbols, streams, is_whole):
        recorded(name)  # skips where there is none
        path = root.parent / "shared/captures/futures" / name
        options = ExchangeOptions(
            ads=0, markets=1, time_lapse=10, streams=StreamOptions(replay=path)
        )
        with running_exchange(options) as exchange:
            process = scrapy_command(
                *stream_of(
                    exchange, "-a", f"symbols={','.join(symbols)}", "-a", f"streams={streams}",
                    "-s", "STREAM_FLUSH_SECONDS=5", "-s", "FUTURES_BOOK_INTERVAL_SECONDS=0",
                    lapse="10",
                )
            )  # fmt: skip
            wait_until(is_whole)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
            assert (process.returncode, "Traceback" in err) == (0, False)

    return play


def test_the_book_equals_the_expected_one_after_each_of_600_updates(played, stored, recorded_file):
    expected = [json.loads(line) for line in recorded_file(EXPECTED).splitlines()]
    last = expected[-1]["u"]
    played(
        BTC,
        ["BTCUSDT"],
        "depth@0ms",
        lambda: any(number > last for number in stored.ids("diffs", "BTCUSDT")),
    )
    books = {row["final_update_id"]: row for row in stored.rows("book")}
    for told in expected:
        row = books[told["u"]]
        for side in ("bids", "asks"):
            assert levels(row[side]) == [(Decimal(p), Decimal(q)) for p, q in told[side]]


def test_every_chain_of_the_four_symbols_is_whole(played, stored, recorded):
    frames = [line.told for line in recorded(FOUR) if line.is_frame]
    symbols = sorted({f["data"]["s"] for f in frames if f["stream"].endswith("@depth@100ms")})
    made = {s: [f["data"]["u"] for f in frames if is_diff(f, s)] for s in symbols}
    assert len(symbols) == 4
    played(
        FOUR,
        symbols,
        "depth@100ms,aggTrade",
        lambda: all(made[s][-1] in stored.ids("diffs", s) for s in symbols),
    )
    for symbol in symbols:
        assert stored.ids("diffs", symbol) == made[symbol]
        books = [r["final_update_id"] for r in stored.rows("book") if r["symbol"] == symbol]
        assert books == sorted(set(books))
        assert books[-1] == made[symbol][-1]
        trades = [f["data"]["a"] for f in frames if is_trade(f, symbol)]
        assert stored.ids("trades", symbol) == trades
    reasons = {gap["reason"] for gap in stored.rows("gaps")}
    assert reasons == {"started"}


def is_diff(frame, symbol):
    return frame["stream"] == f"{symbol.lower()}@depth@100ms"


def is_trade(frame, symbol):
    return frame["stream"] == f"{symbol.lower()}@aggTrade"


def levels(side):
    return [(level["price"], level["quantity"]) for level in side]
