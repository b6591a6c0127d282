from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from p2p_scrapy.census.planner.pace import Pace
from p2p_scrapy.census.planner.selection import SURE, everything, select

LATE = 3000.0
"""Seconds since a reading after which a market cannot wait."""


def names(found):
    return [int(each.market.asset[1:]) for each in found]


def test_without_a_window_everything_is_read(prospect, pace, epoch):
    given_ = [
        prospect(0), prospect(1, age=LATE), prospect(2, age=None), prospect(3, age=LATE + 1),
    ]  # fmt: skip
    found = everything(given_, pace, epoch)
    assert [names(each) for each in (found.new, found.overdue, found.chosen)] == [[2], [3, 1], [0]]
    assert found.left == {}


def test_a_window_that_holds_all_leaves_nothing(prospect, pace, epoch):
    found = select([prospect(n, requests=9) for n in range(10)], 100, pace, epoch)
    assert names(found.chosen) == list(range(10))
    assert found.left == {}


def test_what_is_overdue_goes_before_what_is_hot(prospect, pace, epoch):
    cold = [prospect(n, age=LATE + n) for n in range(9)]
    found = select([prospect(99, gain=50.0), *cold], 10, pace, epoch)
    assert names(found.overdue) == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert found.chosen == []
    assert found.left == {prospect(99, gain=50.0): "no_room"}


def test_where_not_all_that_is_overdue_fits_the_longest_unread_go_first(prospect, pace, epoch):
    late = [prospect(n, requests=2, age=LATE + n) for n in range(9)]
    found = select(late, 10, pace, epoch)
    assert names(found.overdue) == [8, 7, 6, 5]
    assert set(found.left.values()) == {"no_room"}
    assert names(found.left) == [4, 3, 2, 1, 0]


def test_what_never_becomes_complete_does_not_push_the_others_back(prospect, pace, epoch):
    broken = [prospect(n, age=600 + n, read_age=99_999) for n in range(5)]
    late = [prospect(10 + n, age=LATE + n) for n in range(5)]
    found = select([*broken, *late], 8, pace, epoch)
    assert names(found.overdue) == [14, 13, 12, 11, 10, 4, 3]


def test_hot_markets_are_those_that_gain_most_by_a_request(prospect, pace, epoch):
    """Four windows for a rotation, 40 requests each, 100 markets: 20 can be hot."""
    markets = [prospect(n, gain=float(n), age=600 + n) for n in range(100)]
    found = select(markets, 40, pace, epoch)
    hot = set(range(80, 100))
    assert hot <= set(names(found.chosen))
    cold = set(names(found.chosen)) - hot
    assert cold == set(range(64, 80))  # the longest unread of them
    assert set(found.left.values()) == {"cold"}
    assert names(found.left) == list(range(63, -1, -1))


def test_a_page_of_a_large_book_gains_more_than_a_small_book(prospect, pace, epoch):
    large = prospect(1, requests=10, gain=200 * 0.1)
    small = [prospect(10 + n, requests=1, gain=3 * 0.1, age=700) for n in range(190)]
    found = select([large, *small], 60, pace, epoch)
    assert large in found.chosen


def test_an_empty_market_is_never_hot(prospect, pace, epoch):
    empty, fresh = [prospect(n) for n in range(50)], prospect(99, age=60)
    found = select([fresh, *empty], 30, pace, epoch)
    assert found.left[fresh] == "cold"


def test_new_markets_leave_room_for_twice_the_usual_size(prospect, pace, epoch):
    known = [prospect(n, requests=5) for n in range(20)]
    found = select([*known, prospect(90, age=None), prospect(91, age=None)], 60, pace, epoch)
    assert names(found.new) == [90, 91]
    assert len(found.chosen) == int((60 - 2 * 2 * 5) * SURE) // 5


def test_many_new_markets_leave_nothing_to_plan_for_certain(prospect, pace, epoch):
    known = [prospect(n, requests=5) for n in range(20)]
    found = select([*known, *(prospect(90 + n, age=None) for n in range(9))], 60, pace, epoch)
    assert (found.overdue, found.chosen) == ([], [])
    assert len(found.left) == 20


def test_a_book_larger_than_the_whole_window_is_read_when_its_turn_comes(prospect, pace, epoch):
    monster = prospect(1, requests=70, age=LATE + 5)
    found = select([monster, prospect(2, age=LATE)], 10, pace, epoch)
    assert names(found.overdue) == [1]
    assert names(found.left) == [2]


def test_an_interval_longer_than_the_age_reads_the_longest_unread(prospect, epoch):
    hourly = Pace(3600.0, 2700.0, 1800.0)
    found = select([prospect(n, gain=n, age=9000 - n) for n in range(20)], 10, hourly, epoch)
    assert names(found.overdue) == list(range(9))


PROSPECTS = st.lists(
    st.tuples(
        st.integers(1, 70), st.floats(0, 5), st.none() | st.floats(1, 9000), st.floats(1, 9000)
    ),
    max_size=40,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=PROSPECTS, holds=st.integers(0, 400))
def test_every_market_is_somewhere_and_the_window_is_not_overfull(
    prospect, pace, epoch, drawn, holds
):
    markets = [
        prospect(n, requests, gain, age=age, read_age=read_age)
        for n, (requests, gain, age, read_age) in enumerate(drawn)
    ]
    found = select(markets, holds, pace, epoch)
    everywhere = [*found.new, *found.overdue, *found.chosen, *found.left]
    assert sorted(names(everywhere)) == list(range(len(markets)))
    firm = [*found.overdue, *found.chosen]
    assert sum(each.requests for each in firm) <= holds * SURE or len(firm) == 1
