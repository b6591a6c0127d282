"""The keeper: what it holds comes to the same files, whether it closes or is killed."""

from datetime import UTC, datetime

import pytest

from p2p_scrapy.clock import SystemClock
from p2p_scrapy.futures.stream.events import Closed, Frames, Healed, Opened, Reason
from p2p_scrapy.futures.stream.keeper import Flushing, Keeper
from p2p_scrapy.futures.stream.routes import lines_of

LINES = list(lines_of(("BTCUSDT",), ("aggTrade",)))
(LINE,) = [line.name for line in LINES]
LATER = 1786171884471 + 60_001
"""Too late by the exchange's clock to be among the records that were there already."""


@pytest.fixture(params=["parquet", "jsonl"])
def keeper(request, tmp_path):
    """Make a keeper of the same folder, as each start does."""

    def make(records=1000, sink=request.param):
        return Keeper(tmp_path / "data", LINES, Flushing(60, records, sink), SystemClock(), None)

    return make


@pytest.fixture
def trades(trade_frame):
    def frames(number, *ids, **changes):
        return Frames(number, list(ids), [trade_frame(each, **changes) for each in ids])

    return frames


def answer(*ids):
    told = b'{"a":%d,"p":"1","q":"1","f":1,"l":1,"T":1786171884471,"m":true}'
    return b"[" + b",".join(told % number for number in ids) + b"]"


def ids(stored):
    return stored.ids("trades", "BTCUSDT")


def reasons(stored):
    return [(g["reason"], g["from_id"], g["to_id"]) for g in stored.gaps("trades", "BTCUSDT")]


def test_what_was_killed_is_written_by_the_next_start(keeper, trades, stored):
    keeper().keep([Opened(1, LINE), trades(1, 5, 6, 7)])
    assert ids(stored) == []
    following = keeper()
    assert ids(stored) == [5, 6, 7]
    following.keep([Opened(1, LINE), trades(1, 9)])
    following.keep([Closed(1, Reason.STOPPED, 0)])
    following.close()
    assert ids(stored) == [5, 6, 7, 9]
    assert reasons(stored) == [("started", None, None), ("killed", 8, 8)]


def test_a_kill_between_the_files_and_the_new_journal_stores_nothing_twice(
    keeper, trades, stored, monkeypatch
):
    first = keeper(records=3)
    first.keep([Opened(1, LINE), trades(1, 5)])
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "_begin", killed)
        with pytest.raises(KilledHere):
            first.keep([trades(1, 6, 7)])
    assert ids(stored) == [5, 6, 7]  # the files stand already
    keeper()
    assert ids(stored) == [5, 6, 7]


class KilledHere(BaseException):
    pass


def killed(_self):
    raise KilledHere


def test_a_recovery_that_is_killed_itself_changes_nothing(keeper, trades, stored, monkeypatch):
    keeper().keep([Opened(1, LINE), trades(1, 5, 6)])
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "_begin", killed)
        with pytest.raises(KilledHere):
            keeper()
    keeper()
    assert ids(stored) == [5, 6]


def test_a_hand_over_that_a_flush_or_a_kill_meets_is_whole(keeper, trades, stored):
    first = keeper(records=2)
    first.keep([Opened(1, LINE), Opened(2, LINE), trades(1, 5, 6), trades(2, 6, 7)])
    first.keep([trades(1, 7), trades(2, 8)])
    following = keeper()
    assert ids(stored) == [5, 6, 7, 8]
    following.keep([Opened(3, LINE), trades(3, 9), Closed(3, Reason.STOPPED, 0)])
    following.close()
    # Each connection of the hand-over has ended by the kill, and neither has left anything out.
    nothing_missing = ("killed", None, None)
    assert reasons(stored) == [("started", None, None), nothing_missing, nothing_missing]


def test_a_gap_that_is_being_healed_outlives_a_kill(keeper, trades, stored):
    keeper().keep([Opened(1, LINE), trades(1, 5, 8)])
    following = keeper()
    assert following.ledger.wounds.first() == ("BTCUSDT", 6, 7)
    following.keep([Healed("BTCUSDT", answer(6, 7, 8), 0)])
    following.close()
    assert sorted(ids(stored)) == [5, 6, 7, 8]
    assert ("missing", 6, 7) in reasons(stored)


def test_a_contract_that_is_listed_again_while_nobody_streams_is_told(keeper, trades, stored):
    first = keeper()
    first.keep([Opened(1, LINE), trades(1, 900, 901), Closed(1, Reason.STOPPED, 0)])
    first.close()
    following = keeper()
    following.keep([Opened(1, LINE), trades(1, 5, 6, T=LATER), Closed(1, Reason.STOPPED, 0)])
    following.close()
    assert ids(stored) == [900, 901, 5, 6]
    assert reasons(stored) == [("started", None, None), ("renumbered", None, None)]


def test_what_was_being_healed_of_ids_that_began_anew_is_given_up(keeper, trades, stored):
    stream = keeper()
    stream.keep([Opened(1, LINE), trades(1, 5, 10**12)])
    stream.keep([Healed("BTCUSDT", answer(6, 7), 0), trades(1, 7, 8, T=LATER)])
    assert stream.ledger.wounds.first() is None
    stream.keep([Closed(1, Reason.STOPPED, 0)])
    stream.close()
    assert ids(stored) == [5, 10**12, 6, 7, 8]
    assert reasons(stored)[1:] == [
        ("missing", 6, 7),
        ("missing", 8, 10**12 - 1),
        ("renumbered", None, None),
    ]


def test_names_of_windows_go_on_where_the_clock_goes_back(keeper, monkeypatch):
    first = keeper()
    name = first.ledger.window.name
    back = datetime(2020, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(SystemClock, "now", lambda _: back)
    first.close()
    assert keeper().ledger.window.name > first.ledger.window.name > name
