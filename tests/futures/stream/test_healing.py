"""Gaps in the trades, and answers that fill them in part, whole, or not."""

import json
from datetime import UTC, datetime

import pytest

from items.futures import Gap
from p2p_scrapy.futures.frames import UnreadableAnswerError
from p2p_scrapy.futures.stream.healing import Wounds

MOMENT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def wounds():
    wounds = Wounds()
    wounds.add(Gap("aggTrade", "BTCUSDT", 10, 15, MOMENT, MOMENT, "cut", healed=False))
    return wounds


def answer(*ids):
    told = {"p": "1.0", "q": "1", "f": 1, "l": 1, "T": 1786171884471, "m": True}
    return json.dumps([{"a": number, **told} for number in ids]).encode()


def heal(wounds, *ids):
    trades, gaps = wounds.heal("BTCUSDT", answer(*ids), 0)
    told = [(gap.from_id, gap.to_id, gap.healed) for gap in gaps]
    return trades.column("agg_trade_id").to_pylist(), told


def test_an_answer_that_goes_beyond_the_gap_heals_it(wounds):
    assert wounds.first() == ("BTCUSDT", 10, 15)
    assert heal(wounds, *range(10, 30)) == ([10, 11, 12, 13, 14, 15], [(10, 15, True)])
    assert wounds.first() is None


def test_a_gap_is_healed_answer_by_answer(wounds):
    assert heal(wounds, 10, 11) == ([10, 11], [])
    assert wounds.first() == ("BTCUSDT", 12, 15)
    assert heal(wounds, 12, 13, 14, 15) == ([12, 13, 14, 15], [(10, 15, True)])


def test_a_hole_in_the_answer_stays_one(wounds):
    assert heal(wounds, 10, 13, 14, 15) == ([10], [])
    assert heal(wounds, 13, 14, 15) == ([], [(10, 10, True), (11, 12, False)])
    assert heal(wounds, 13, 14, 15) == ([13, 14, 15], [(13, 15, True)])


def test_an_answer_with_nothing_ends_it(wounds):
    assert heal(wounds) == ([], [(10, 15, False)])
    assert wounds.first() is None


def test_what_is_given_up_keeps_what_was_healed(wounds):
    heal(wounds, 10, 11)
    rows = wounds.give_up("BTCUSDT", 12)
    assert [(r.from_id, r.to_id, r.healed) for r in rows] == [(10, 11, True), (12, 15, False)]


def test_what_is_too_old_is_told_as_lost_and_the_rest_is_still_asked_for(wounds):
    heal(wounds, 10)
    rows = wounds.give_up("BTCUSDT", 11, until=14)
    assert [(r.from_id, r.to_id, r.healed) for r in rows] == [(10, 10, True), (11, 13, False)]
    assert wounds.first() == ("BTCUSDT", 14, 15)
    assert heal(wounds, 14, 15) == ([14, 15], [(14, 15, True)])


def test_a_gap_that_is_too_old_to_its_end_is_lost_to_its_end(wounds):
    rows = wounds.give_up("BTCUSDT", 10, until=99)
    assert [(r.from_id, r.to_id, r.healed) for r in rows] == [(10, 15, False)]
    assert wounds.first() is None


def test_an_unreadable_answer_changes_nothing(wounds):
    with pytest.raises(UnreadableAnswerError):
        wounds.heal("BTCUSDT", b"<html>", 0)
    assert wounds.first() == ("BTCUSDT", 10, 15)


def test_what_is_kept_is_restored(wounds):
    heal(wounds, 10, 11)
    again = Wounds.restore(wounds.keep())
    assert again.first() == ("BTCUSDT", 12, 15)
    assert again.keep() == wounds.keep()
