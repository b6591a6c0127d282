"""The book on what a real connection received."""

import json
from decimal import Decimal
from itertools import groupby

import pytest

from p2p_scrapy.futures.book import Books
from p2p_scrapy.futures.frames import decode_frames, decode_snapshot

BTC = "um_btcusdt_20240808_60s.jsonl.gz"
EXPECTED = "um_btcusdt_20240808_expected_top20_first600.jsonl.gz"
FOUR = "um_4symbols_20210722_combined_100ms.jsonl.gz"
LEVELS = 20


class Played:
    """A recording played to books in its own order: the frames between answers are a batch."""

    def __init__(self, lines):
        self.books = Books(LEVELS, notes_each=True)
        self.changes = 0
        self.broken = []
        self.fits = {}
        for is_frame, together in groupby(lines, key=lambda line: line.is_frame):
            (self._feed if is_frame else self._answer)(list(together))
        self.rows = self.books.rows().to_pylist()

    def _feed(self, lines):
        decoded = decode_frames([line.body for line in lines], [line.received_us for line in lines])
        self.changes += decoded.diffs.num_rows
        self.broken += decoded.broken + self.books.feed(decoded.diffs)

    def _answer(self, lines):
        """Answers came in the order of the recording's questions, not in that of ours."""
        for line in lines:
            while (symbol := self.books.next_wanted()) not in (line.symbol, None):
                self.books.give_up(symbol)
            snapshot = decode_snapshot(line.body, line.symbol)
            self.fits[line.symbol] = self.books.offer(snapshot, line.received_us)


@pytest.fixture(scope="module")
def play(recorded):
    played = {}

    def once(name):
        if name not in played:
            played[name] = Played(recorded(name))
        return played[name]

    return once


def pairs(levels):
    return [(level["price"], level["quantity"]) for level in levels]


def test_the_book_is_as_expected_after_each_of_600_updates(play, recorded_file):
    expected = [json.loads(line) for line in recorded_file(EXPECTED).splitlines()]
    assert len(expected) == 600
    _, *rows = play(BTC).rows  # the first row is the snapshot itself
    for row, truth in zip(rows[:600], expected, strict=True):
        assert row["final_update_id"] == truth["u"]
        assert row["transaction_time"].timestamp() * 1000 == truth["T"]
        for side in ("bids", "asks"):
            assert pairs(row[side]) == [tuple(map(Decimal, level)) for level in truth[side]]


@pytest.mark.parametrize(
    ("name", "changes", "snapshots"),
    [(BTC, 1148, ["BTCUSDT"]), (FOUR, 764, ["SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"])],
)
def test_every_chain_is_whole(play, name, changes, snapshots):
    played = play(name)
    assert played.changes == changes
    assert played.broken == []
    assert played.fits == dict.fromkeys(snapshots, True)
    played.books.rows()
    played.books.note()
    assert {row["symbol"] for row in played.books.rows().to_pylist()} == set(snapshots)


@pytest.mark.parametrize(("name", "told"), [(BTC, 1145), (FOUR, 745)])
def test_the_best_prices_are_those_that_the_exchange_tells(play, recorded, market, name, told):
    frames = [line.told for line in recorded(name) if b"@bookTicker" in line.body[:50]]
    tickers = market.Tickers([frame["data"] for frame in frames])
    compared = 0
    for row in play(name).rows:
        best = tickers.at(row["symbol"], row["final_update_id"])
        if best is not None:
            assert pairs(row["bids"][:1]) + pairs(row["asks"][:1]) == [best[:2], best[2:]]
            compared += 1
    assert compared == told


def test_the_range_that_is_known_stands_with_the_book(play):
    known = {row["symbol"]: (row["known_low"], row["known_high"]) for row in play(FOUR).rows}
    assert known["SUSHIUSDT"] == (Decimal("6.347"), Decimal("9.122"))  # 1000 levels, and more
    assert known["KEEPUSDT"] == (None, None)  # 400 levels, which is all
    known_of_btc = {(row["known_low"], row["known_high"]) for row in play(BTC).rows}
    assert known_of_btc == {(Decimal("61653.4"), Decimal("61976.2"))}


def test_two_clocks_stand_with_the_book(play, recorded):
    received = {line.received_us for line in recorded(BTC)}
    for row in play(BTC).rows:
        assert round(row["received_at"].timestamp() * 1_000_000) in received
        assert row["transaction_time"].year == 2024
