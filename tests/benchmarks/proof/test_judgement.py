from datetime import UTC, datetime

import pytest

from benchmarks.proof.course import Round
from benchmarks.proof.figures import by_size, cost, figures
from benchmarks.proof.judgement import judge
from benchmarks.proof.reading import Reading

AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def reading():
    def build(numbers, verdict="complete", rereads=0):
        market = ("VES", "USDT", "SELL")
        return Reading(market, verdict, None, AT, AT, 1, rereads, frozenset(numbers))

    return build


INTERVAL = {"at_start": ["a", "b", "c"], "changes": [(1.0, "a", False), (2.0, "d", True)]}


@pytest.mark.parametrize(
    ("numbers", "missed", "strangers", "is_snapshot"),
    [
        ("abc", 0, 0, True),  # before anything happened
        ("bc", 0, 0, True),  # between the two
        ("bcd", 0, 0, True),
        ("abcd", 0, 0, False),  # all of them stood there, but never together
        ("bd", 1, 0, False),
        ("bcx", 0, 1, False),
    ],
)
def test_a_sweep_beside_what_stood_in_the_book(reading, numbers, missed, strangers, is_snapshot):
    told = judge(reading(numbers), INTERVAL)
    assert (told.stayed, told.missed, told.strangers) == (2, missed, strangers)
    assert told.is_snapshot is is_snapshot
    assert told.is_false is not is_snapshot
    assert not judge(reading(numbers, "partial"), INTERVAL).is_false


def test_figures_are_of_complete_sweeps_and_cost_of_all(reading):
    judged = [
        judge(reading("abc"), INTERVAL),
        judge(reading("bd", rereads=1), INTERVAL),
        judge(reading("bc", "partial", rereads=2), INTERVAL),
    ]
    told = figures(judged)
    assert (told.sweeps, told.complete, told.false, told.missing) == (3, 2, 1, 1)
    assert (told.seen, told.partial_with_all) == (0.75, 1)
    assert told.rereads == {0: 1, 1: 1, 2: 1}
    assert by_size(judged) == {"1-1": told}
    assert cost([Round(judged, 6)]) == 2.0
