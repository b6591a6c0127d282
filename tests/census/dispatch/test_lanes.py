"""Several lanes: which of them a burst is given to."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.census.dispatch.office import Office, burst


def by_lane(left):
    found = defaultdict(str)
    for _, name, lane in left:
        found[lane] += name
    return dict(found)


def test_equal_lanes_are_used_in_equal_parts(office_of_lanes):
    here = office_of_lanes(plan=[burst(name) for name in "01234567"])
    here.run()
    assert {lane: len(names) for lane, names in by_lane(here.left).items()} == {"a": 4, "b": 4}
    assert {second for second, _, _ in here.left} == {0.0}


def test_a_burst_goes_to_the_lane_that_can_pay_now(office_of_lanes):
    here = office_of_lanes(plan=[burst("012"), burst("345"), burst("6"), burst("7")])
    here.run()
    assert by_lane(here.left) in ({"a": "0126", "b": "3457"}, {"a": "0127", "b": "3456"})
    assert {second for second, _, _ in here.left} == {0.0}


def test_a_burst_that_none_can_pay_now_goes_to_the_one_that_can_soonest(office_of_lanes):
    here = office_of_lanes(plan=[burst("012"), burst("345"), burst("67")], travel=1.0)
    here.clock.at(0.0, lambda: here.pause("a", 500.0))
    here.run()
    assert here.left[3:] == [(61.0, name, "b") for name in "345"] + [
        (122.0, name, "b") for name in "67"
    ] or by_lane(here.left)["b"].endswith("67")


def test_all_pages_of_a_sweep_go_by_the_lane_of_its_first(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep), burst("0"), burst("1"), burst("2"), burst("3")])
    pages = {"p": burst("xyz", sweep)}
    here.on_answer = lambda ask: here.dispatcher.ask(pages.pop(ask.fiat, []))
    here.run()
    lanes = {name: lane for _, name, lane in here.left}
    assert {lanes[name] for name in "pxyz"} == {sweep.lane} == {"a"}


def test_a_sweep_takes_the_lane_only_when_it_leaves(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("0123"), burst("4567"), burst("p", sweep)])
    here.clock.at(30.0, lambda: here.pause("a", 400.0))
    here.run()
    assert here.left[-1] == (61.0, "p", "b")
    assert sweep.lane == "b"


def test_a_lane_that_pauses_holds_nothing_back(office_of_lanes):
    here = office_of_lanes(plan=[burst(name) for name in "0123456789"])
    here.pause("a", 300.0)
    here.run()
    assert [(second, lane) for second, _, lane in here.left] == [
        *[(0.0, "b")] * 4,
        *[(61.0, "b")] * 4,
        *[(122.0, "b")] * 2,
    ]


def test_a_burst_is_not_given_to_a_lane_that_can_never_save_it_up(office_of_lanes):
    here = office_of_lanes(
        lanes={"small": 2, "large": 6}, plan=[burst("0123", holds=0), burst("4")]
    )
    sweepless = here.run()
    assert by_lane(sweepless)["large"].startswith("0123")


def test_a_sweep_that_is_larger_than_the_small_lane_waits_for_the_large_one(
    office_of_lanes, new_sweep
):
    first, second = new_sweep(), new_sweep()
    here = office_of_lanes(
        lanes={"small": 2, "large": 6}, plan=[burst("012345", first), burst("6789", second)]
    )
    here.run()
    assert by_lane(here.left) == {"large": "0123456789"}


def test_an_open_circuit_gets_its_probe_while_the_others_go_on(office_of_lanes):
    here = office_of_lanes(plan=[burst(name) for name in "0123456789"])
    here.break_("a")
    here.on_answer = lambda ask: ask.lane.succeeded(here.clock.seconds)
    here.run()
    lanes = [(second, lane) for second, _, lane in here.left]
    assert lanes[:4] == [(0.0, "b")] * 4
    assert lanes[4] == (60.0, "a")  # the probe
    assert sorted(lanes[5:]) == [*[(61.0, "a")] * 3, *[(61.0, "b")] * 2] or len(lanes) == 10


@pytest.mark.parametrize(("spent_at", "left"), [(-57.0, 3.0), (-30.0, None)])
def test_pages_that_can_leave_in_a_moment_follow(office_of_lanes, new_sweep, spent_at, left):
    sweep = new_sweep()
    here = office_of_lanes(lanes={"a": 2}, plan=[burst("p", sweep), burst("0")], travel=0.5)
    here.lane("a").window.remember([spent_at])
    follows = []

    def answer(ask):
        if ask.fiat == "p":
            follows.append(here.dispatcher.follow(sweep, burst("x", sweep)))

    here.on_answer = answer
    here.run()
    assert follows == [left is not None]  # half a minute is too long
    assert [second for second, name, _ in here.left if name == "x"] == ([left] if left else [])


def test_nothing_is_begun_while_what_is_paid_for_fills_the_width(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(lanes={"a": 20}, width=6, plan=[burst("p", sweep, holds=9), burst("x")])
    here.on_answer = lambda ask: (
        ask.fiat == "p" and here.dispatcher.follow(sweep, burst("123456789", sweep))
    )
    here.run()
    assert here.left[0] == (0.0, "p", "a")
    assert [name for second, name, _ in here.left if second == 1.0] == list("123456")
    assert (2.0, "x", "a") in here.left  # with the last three pages


def test_no_more_than_a_few_questions_of_a_sweep_are_on_the_wire(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(lanes={"a": 20}, plan=[burst("0123456789", sweep), burst("x")])
    here.run()
    assert Counter(second for second, name, _ in here.left if name != "x") == {0.0: 8, 1.0: 2}
    assert (0.0, "x", "a") in here.left  # what it leaves free is free for others


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.lists(st.integers(1, 7), max_size=12),
    st.sampled_from([0.0, 1.0, 25.0]),
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 200), st.floats(1, 300)), max_size=3),
)
def test_whatever_pauses_all_is_asked_once_and_no_lane_more_than_it_may(
    new_clock, budgets, planned, travel, pauses
):
    plan = [burst([f"q{at}.{number}" for number in range(size)]) for at, size in enumerate(planned)]
    expected = Counter(ask.fiat for each in plan for ask in each)
    lanes = {f"lane {at}": budget for at, budget in enumerate(budgets)}
    here = Office(new_clock(), lanes, travel=travel, plan=plan)
    for at, moment, seconds in pauses:
        name = f"lane {at % len(budgets)}"
        here.clock.at(moment, lambda name=name, seconds=seconds: here.pause(name, seconds))
    left = here.run()
    assert Counter(name for _, name, _ in left) == expected
    for name, budget in lanes.items():
        moments = [second for second, _, lane in left if lane == name]
        for at, moment in enumerate(moments[budget:]):
            assert moment - moments[at] >= 60.0 - 1e-6
