"""The order in which bursts leave, and the budget that they wait for."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.census.dispatch.office import OneLaneOffice, burst


def test_nothing_to_ask_is_the_end_at_once(office):
    assert office(5).run() == []


def test_what_the_budget_holds_leaves_at_once_in_order(office):
    here = office(5)
    here.dispatcher.ask(burst("abc"))
    here.dispatcher.ask(burst("de"))
    assert here.run() == [(0.0, name) for name in "abcde"]


def test_a_burst_leaves_together_once_the_budget_for_all_of_it_is_saved_up(office):
    here = office(4, plan=[burst("ab"), burst("cde")])
    assert here.run() == [
        (0.0, "a"),
        (0.0, "b"),
        (61.0, "c"),
        (61.0, "d"),
        (61.0, "e"),
    ]


def test_a_waiting_burst_goes_before_new_ones(office):
    here = office(4, plan=[burst("ab"), burst("x"), burst("yz"), burst("w")])
    pages = {"b": burst("123")}
    here.on_answer = lambda ask: here.dispatcher.ask(pages.pop(ask.fiat, []))
    assert here.run() == [
        *((0.0, name) for name in "abxw"),  # yz does not leave later for w having left
        # the pages of b wait, and go before yz, which is only looked at
        *((61.0, name) for name in "123"),
        *((122.0, name) for name in "yz"),
    ]


def test_what_waits_leaves_some_seconds_later_so_that_no_budget_is_left_over(office):
    """Of ten, six are spent within three seconds; what waits needs three of them back."""
    plan = [burst(names) for names in ("1", "2", "3456", "CDEFGHI", "x", "yz", "w")]
    left = {name: second for second, name in office(10, width=2, plan=plan).run()}
    assert [left[name] for name in "xyzw"] == [3.0, 3.0, 4.0, 4.0]
    assert left["C"] == 64.0  # alone it would have left at 62.0


def test_small_ones_hold_a_large_one_back_for_hardly_more_than_a_minute(office):
    """However many there are, and however evenly the budget comes back."""
    small, many = [burst("s") for _ in range(40)], [burst("s") for _ in range(300)]
    here = office(20, width=1, travel=3.0, plan=[*small, burst("L" * 15), *many])
    left = here.run()
    first = next(second for second, name in left if name == "L")
    assert left[39][0] + 3.0 < first <= left[39][0] + 3.0 + 65.0
    assert len(left) == 355


def test_what_lies_beyond_a_gap_goes_before_nothing(office):
    plan = [burst("ab"), burst("cde"), [], burst("x"), burst("y")]
    assert office(4, plan=plan).run() == [
        (0.0, "a"),
        (0.0, "b"),  # x would fit beside them, and cde leave no later
        *((61.0, name) for name in "cdex"),
        (122.0, "y"),
    ]


def test_others_wait_until_what_a_sweep_may_need_again_is_sure(office, new_sweep):
    """Its five pages may be read again at once; then all leave, for they may not need it."""
    sweep = new_sweep()
    sweep.asked.update(range(1, 6))
    plan = [burst("12345", sweep=sweep), burst("6", sweep=new_sweep()), burst("x"), burst("y")]
    assert office(11, plan=plan).run() == [
        *((0.0, name) for name in "123456"),
        *((1.0, name) for name in "xy"),
    ]


def test_a_large_burst_waits_for_that_as_well(office, new_sweep):
    """Of twelve, five are out and five may be needed again: two are free for a second or so."""
    first, second = new_sweep(), new_sweep()
    first.asked.update(range(1, 6))
    plan = [burst("12345", sweep=first), burst("abcde", sweep=second), burst("xy")]
    assert office(12, plan=plan).run() == [
        *((0.0, name) for name in "12345xy"),
        *((1.0, name) for name in "abcde"),
    ]


def test_a_burst_larger_than_the_whole_budget_is_cut(office):
    here = office(3)
    here.dispatcher.ask(burst("abcdefg"))
    assert here.run() == [
        *((0.0, name) for name in "abc"),
        *((61.0, name) for name in "def"),
        (122.0, "g"),
    ]


def test_the_plan_is_drawn_from_while_fewer_than_the_width_are_out(office):
    here = office(100, width=3, plan=[burst(name) for name in "abcdefg"])
    assert here.run() == [
        *((0.0, name) for name in "abc"),
        *((1.0, name) for name in "def"),
        (2.0, "g"),
    ]
    assert here.most_out == 3


def test_a_new_plan_takes_the_place_of_what_has_not_begun(office):
    here = office(2, plan=[burst("ab"), burst("cd"), burst("ef")])
    here.clock.at(10.0, lambda: here.dispatcher.plan(iter([burst("xy")])))
    assert here.run() == [(0.0, "a"), (0.0, "b"), (61.0, "x"), (61.0, "y")]


def test_the_plan_is_not_drawn_from_before_its_turn(office):
    drawn = []

    def plan():
        for name in "abc":
            drawn.append(name)
            yield burst(name)

    here = office(100, width=1, plan=plan())
    seen = []
    here.on_answer = lambda ask: seen.append((ask.fiat, "".join(drawn)))
    here.run()
    assert seen == [("a", "a"), ("b", "ab"), ("c", "abc")]


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "budget": st.integers(1, 6),
            "width": st.integers(1, 4),
            "travel": st.sampled_from([0.0, 1.0, 25.0]),
        }
    ),
    st.lists(st.integers(1, 9), max_size=8),
    st.lists(st.integers(1, 4), max_size=8),
)
def test_every_question_leaves_once_and_never_more_than_the_budget_in_a_minute(
    new_clock, how, asked, planned
):
    names = (f"q{number}" for number in range(1000))

    def named(size):
        return burst([next(names) for _ in range(size)])

    bursts = [named(size) for size in asked]
    plan = [named(size) for size in planned]
    expected = Counter(ask.fiat for each in [*bursts, *plan] for ask in each)
    here = OneLaneOffice(new_clock(), **how, plan=plan)
    for each in bursts:
        here.dispatcher.ask(each)
    left = here.run()
    assert Counter(name for _, name in left) == expected
    moments = [moment for moment, _ in left]
    assert all(one <= next_one for one, next_one in pairwise(moments))
    for at, moment in enumerate(moments[how["budget"] :]):
        assert moment - moments[at] >= 60.0
