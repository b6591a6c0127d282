"""What is new in a batch, and what is missing before it."""

import pytest

from items.futures import Dataset
from p2p_scrapy.futures.frames import decode_frames
from p2p_scrapy.futures.stream.continuity import Continuity
from p2p_scrapy.futures.stream.events import Reason
from p2p_scrapy.futures.stream.moments import moment_of

TIME = 1_786_171_884_471
LATER = TIME + 60_001
"""The first moment at which a record cannot be one that was there already."""
RENUMBERED = (None, None, "renumbered", False)


def nothing_healed(symbol):  # noqa: ARG001 - as the ledger's wounds are asked
    return range(0)


@pytest.fixture
def trades(trade_frame):
    """A continuity of trades, and a way to bring it some."""
    continuity = Continuity(Dataset.TRADES, "aggTrade")

    def bring(*ids, at=0, times=None, healed=nothing_healed):
        happened = times or [TIME] * len(ids)
        frames = [trade_frame(a, T=time) for a, time in zip(ids, happened, strict=True)]
        decoded = decode_frames(frames, [at] * len(ids))
        batch, gaps = continuity.admit(decoded.trades, healed)
        return batch.column("agg_trade_id").to_pylist(), gaps

    bring.continuity = continuity
    return bring


@pytest.fixture
def changes(depth_frame):
    """The same of changes or partial books; each is given as its u and pu."""

    def of(dataset):
        stream = {Dataset.DIFFS: "depth@100ms", Dataset.DEPTH: "depth20@100ms"}[dataset]
        continuity = Continuity(dataset, stream)

        def bring(*pairs, time=TIME):
            frames = [depth_frame(*pair, stream=f"btcusdt@{stream}", T=time) for pair in pairs]
            decoded = decode_frames(frames, [0] * len(frames))
            batch, gaps = continuity.admit(getattr(decoded, dataset), nothing_healed)
            return batch.column("final_update_id").to_pylist(), gaps

        bring.continuity = continuity
        return bring

    return of


def told(gaps):
    return [(gap.from_id, gap.to_id, gap.reason, gap.healed) for gap in gaps]


def test_the_first_record_ends_what_is_not_known(trades):
    assert trades(5)[0] == [5]
    ids, gaps = trades(6, 7)
    assert (ids, gaps) == ([6, 7], [])


def test_trades_left_out_are_missing(trades):
    trades(5)
    ids, gaps = trades(6, 9, 10, 12)
    assert ids == [6, 9, 10, 12]
    assert told(gaps) == [(7, 8, "missing", False), (11, 11, "missing", False)]


def test_what_was_there_is_left_out(trades):
    trades(5, 6, 7)
    assert trades(6, 7, 8, 8, 7, 9) == ([8, 9], [])
    assert trades.continuity.duplicates == 4


@pytest.mark.parametrize(
    ("following", "gap"),
    [(6, (None, None, "cut", True)), (9, (6, 8, "cut", False)), (5, None)],
)
def test_a_boundary_is_told_whether_or_not_something_is_missing(trades, following, gap):
    trades(5)
    trades.continuity.interrupt(["BTCUSDT"], Reason.CUT, 1)
    _, gaps = trades(following)
    assert told(gaps) == ([gap] if gap else [])


def test_the_first_reason_of_a_boundary_stays(trades):
    trades(5)
    for reason in (Reason.SILENCE, Reason.KILLED):
        trades.continuity.interrupt(["BTCUSDT"], reason, 1)
    assert [gap.reason for gap in trades(6)[1]] == ["silence"]


def test_changes_follow_by_what_they_name(changes):
    bring = changes(Dataset.DIFFS)
    bring((10, 4))
    ids, gaps = bring((17, 10), (30, 20), (31, 30))
    assert ids == [17, 30, 31]
    assert told(gaps) == [(17, 20, "missing", False)]


def test_a_change_that_reaches_back_leaves_nothing_out(changes):
    bring = changes(Dataset.DIFFS)
    bring((10, 4))
    bring.continuity.interrupt(["BTCUSDT"], Reason.HANDOVER, 1)
    assert told(bring((15, 8))[1]) == [(None, None, "handover", True)]


def test_a_partial_book_less_is_no_gap_but_at_a_boundary(changes):
    bring = changes(Dataset.DEPTH)
    bring((10, 4))
    assert bring((30, 20))[1] == []
    bring.continuity.interrupt(["BTCUSDT"], Reason.CUT, 1)
    assert told(bring((50, 40))[1]) == [(30, 40, "cut", False)]
    bring.continuity.interrupt(["BTCUSDT"], Reason.CUT, 1)
    assert told(bring((60, -1))[1]) == [(50, None, "cut", False)]


def test_symbols_do_not_mix(trade_frame):
    continuity = Continuity(Dataset.TRADES, "aggTrade")
    frames = [trade_frame(a, s=s) for a, s in ((1, "A"), (100, "B"), (2, "A"), (102, "B"))]
    batch, gaps = continuity.admit(decode_frames(frames, [0] * 4).trades, nothing_healed)
    assert batch.num_rows == 4
    assert [(gap.symbol, gap.from_id) for gap in gaps if gap.from_id] == [("B", 101)]


def test_ids_that_begin_anew_are_a_boundary_that_nothing_heals(trades):
    trades(900, 901, at=7)
    ids, gaps = trades(5, 6, 8, at=9, times=[LATER] * 3)
    assert ids == [5, 6, 8]
    assert told(gaps) == [RENUMBERED, (7, 7, "missing", False)]
    assert [gaps[0].started_at, gaps[0].ended_at] == [moment_of(7), moment_of(9)]
    assert trades(8, 9, times=[LATER] * 2) == ([9], [])


def test_they_are_found_within_a_batch_too(trades):
    ids, gaps = trades(900, 5, 6, 5, 1000, times=[TIME, LATER, LATER, LATER, LATER])
    assert ids == [900, 5, 6, 1000]
    assert told(gaps)[1:] == [RENUMBERED, (7, 999, "missing", False)]


def test_behind_an_id_that_was_wrong_all_is_told(trades):
    trades(5)
    ids, gaps = trades(10**12, 6, 7, 8, times=[TIME, TIME + 1, LATER - 1, LATER])
    assert ids == [10**12, 8]  # 6 and 7 came within the boundary's time
    assert told(gaps) == [(6, 10**12 - 1, "missing", False), RENUMBERED]


def test_it_is_told_instead_of_a_boundary_that_was_there(trades):
    trades(900)
    trades.continuity.interrupt(["BTCUSDT"], Reason.STOPPED, 1)
    assert told(trades(5, times=[LATER])[1]) == [RENUMBERED]
    assert not list(trades.continuity.open_gaps(["BTCUSDT"]))


def test_what_was_there_stays_a_duplicate(trades):
    trades(5, 6, 7, times=[TIME - 120_000, TIME - 120_000, TIME])
    assert trades(5, 6, 7, times=[TIME - 120_000, TIME - 120_000, TIME]) == ([], [])
    assert trades(5, 6, 7, times=[LATER - 1, LATER - 1, LATER]) == ([], [])
    assert trades(-1, times=[LATER]) == ([], [])


def test_trades_that_were_healed_are_there_already(trades):
    trades(5, 10**12)
    healed = {"BTCUSDT": range(6, 8)}
    ids, gaps = trades(7, 8, 9, times=[LATER] * 3, healed=healed.__getitem__)
    assert (ids, told(gaps)) == ([8, 9], [RENUMBERED])


@pytest.mark.parametrize("dataset", [Dataset.DIFFS, Dataset.DEPTH])
def test_changes_and_partial_books_begin_anew_too(changes, dataset):
    bring = changes(dataset)
    bring((900, 890))
    assert bring((10, 4), time=LATER - 1) == ([], [])
    ids, gaps = bring((12, 10), (15, 12), time=LATER)
    assert (ids, told(gaps)) == ([12, 15], [RENUMBERED])
