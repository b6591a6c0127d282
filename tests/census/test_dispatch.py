import asyncio
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_scrapy.binance import queries
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census.dispatch import Ask, Dispatcher


def burst(names, **fields):
    """A question for each letter."""
    return [Ask(queries.portal_config(name), fiat=name, **fields) for name in names]


class Office:
    """A dispatcher with an exchange behind it that answers everything after ``travel`` seconds."""

    def __init__(self, clock, budget, *, width=16, travel=1.0, plan=()):
        self.clock = clock
        self.lane = Lane("direct", budget)
        self.dispatcher = Dispatcher(clock, Lanes([self.lane]), width)
        self.dispatcher.plan(iter(plan))
        self.travel = travel
        self.left = []
        self.most_out = 0
        self.on_answer = lambda ask: None  # noqa: ARG005
        self._out = 0

    def run(self):
        """What left, as (second, name), until there is nothing left to ask."""
        asyncio.run(self._run())
        return self.left

    async def _run(self):
        while (ask := await self.dispatcher.next()) is not None:
            assert ask.left_at == self.clock.seconds
            self.left.append((self.clock.seconds, ask.fiat))
            self._out += 1
            self.most_out = max(self.most_out, self._out)
            self.clock.at(self.clock.seconds + self.travel, lambda ask=ask: self._answer(ask))

    def _answer(self, ask):
        self._out -= 1
        self.lane.window.settle(self.clock.seconds)
        self.on_answer(ask)
        self.dispatcher.answered(ask)


@pytest.fixture
def office(clock):
    return lambda budget, **how: Office(clock, budget, **how)


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


def test_small_ones_wait_until_what_a_larger_sweep_may_need_again_is_sure(office, new_sweep):
    """Its five pages may be read again at once; then all leave, for they may not need it."""
    sweep = new_sweep()
    sweep.asked.update(range(1, 6))
    plan = [burst("12345", sweep=sweep), burst("6", sweep=new_sweep()), burst("x"), burst("y")]
    assert office(11, plan=plan).run() == [
        *((0.0, name) for name in "123456"),
        *((1.0, name) for name in "xy"),
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


def test_a_question_put_back_leaves_after_its_delay(office):
    here = office(10)
    here.dispatcher.ask(burst("ab"))
    retries = {"a": 30.0}

    def answer(ask):
        if ask.fiat in retries:
            here.dispatcher.ask_again(ask, retries.pop(ask.fiat))

    here.on_answer = answer
    assert here.run() == [(0.0, "a"), (0.0, "b"), (31.0, "a")]


def test_a_question_put_back_goes_before_what_waits(office):
    here = office(1)
    here.dispatcher.ask(burst("a"))
    here.dispatcher.ask(burst("b"))
    retries = {"a"}

    def answer(ask):
        if ask.fiat in retries:
            retries.remove(ask.fiat)
            here.dispatcher.ask_again(ask, 0.0)

    here.on_answer = answer
    assert here.run() == [(0.0, "a"), (61.0, "a"), (122.0, "b")]


def test_new_questions_go_on_while_one_waits_its_delay(office):
    here = office(10, width=1, plan=[burst(name) for name in "abc"])
    retries = {"a": 100.0}

    def answer(ask):
        if ask.fiat in retries:
            here.dispatcher.ask_again(ask, retries.pop(ask.fiat))

    here.on_answer = answer
    assert here.run() == [(0.0, "a"), (1.0, "b"), (2.0, "c"), (101.0, "a")]


def test_an_answer_wakes_what_only_it_can_free(office):
    here = office(1, travel=500.0)
    here.dispatcher.ask(burst("a"))
    here.dispatcher.ask(burst("b"))
    assert here.run() == [(0.0, "a"), (560.0, "b")]


def test_a_paused_lane_lets_nothing_leave_until_the_pause_is_over(office):
    here = office(10)
    here.lane.failed(0.0, 0.0, blocked=True)
    here.dispatcher.ask(burst("ab"))
    assert here.run() == [(60.0, "a"), (60.0, "b")]


def test_a_pause_holds_back_the_rest_of_a_burst_that_is_leaving(clock):
    lane = Lane("direct", 10)
    dispatcher = Dispatcher(clock, Lanes([lane]), 16)
    dispatcher.ask(burst("abc"))

    async def leave():
        first = await dispatcher.next()
        lane.window.settle(0.0)
        lane.failed(0.0, first.left_at, blocked=True)
        dispatcher.answered(first)
        return first.fiat, (await dispatcher.next()).left_at

    assert asyncio.run(leave()) == ("a", 60.0)


def test_an_open_circuit_sends_one_probe_and_after_its_answer_the_rest(office):
    here = office(10)
    for _ in range(10):
        here.lane.failed(0.0, 0.0, blocked=False)
    here.dispatcher.ask(burst("abc"))
    here.on_answer = lambda ask: here.lane.succeeded(here.clock.seconds)  # noqa: ARG005
    assert here.run() == [(60.0, "a"), (61.0, "b"), (61.0, "c")]


def test_a_drain_begins_nothing_new_and_finishes_what_has_begun(office):
    here = office(4, width=4, plan=[burst("ab"), burst("c"), burst("d"), burst("e")])
    pages = {"a": burst("12")}
    here.on_answer = lambda ask: here.dispatcher.ask(pages.pop(ask.fiat, []))
    here.clock.at(0.5, lambda: here.dispatcher.drain("SIGTERM"))
    # four have left when the drain comes; the pages that a calls for still leave
    assert here.run() == [(0.0, name) for name in "abcd"] + [(61.0, "1"), (61.0, "2")]
    assert (here.dispatcher.stopped, here.dispatcher.has_stopped) == ("SIGTERM", False)
    assert here.dispatcher.given_up == []


def test_a_drain_does_not_begin_what_was_drawn_and_has_not_left(office):
    here = office(1, plan=[burst("a"), burst("b")])
    here.clock.at(0.5, lambda: here.dispatcher.drain("SIGTERM"))
    assert here.run() == [(0.0, "a")]


def test_a_drain_lets_delayed_questions_leave(office):
    here = office(10)
    here.dispatcher.ask_again(burst("a")[0], 40.0)
    here.dispatcher.drain("SIGTERM")
    assert here.run() == [(40.0, "a")]


def test_a_stop_gives_up_everything_that_has_not_left(office):
    here = office(2, plan=[burst("ab"), burst("never")])
    here.dispatcher.ask(burst("cd"))
    here.dispatcher.ask(burst("ef"))
    here.dispatcher.ask_again(burst("g")[0], 999.0)
    here.clock.at(0.5, lambda: here.dispatcher.stop("disk full"))
    assert here.run() == [(0.0, "c"), (0.0, "d")]
    assert "".join(sorted(ask.fiat for ask in here.dispatcher.given_up)) == "efg"
    assert (here.dispatcher.stopped, here.dispatcher.has_stopped) == ("disk full", True)
    assert here.clock.seconds == 1.0  # it waited for the answers that were out, and no longer


def test_a_stop_gives_back_what_was_paid_for_and_did_not_leave(clock):
    lane = Lane("direct", 5)
    dispatcher = Dispatcher(clock, Lanes([lane]), 16)
    dispatcher.ask(burst("abc"))
    assert asyncio.run(dispatcher.next()).fiat == "a"
    assert lane.window.available(0.0) == 2
    dispatcher.stop("SIGINT")
    assert lane.window.available(0.0) == 4
    assert [ask.fiat for ask in dispatcher.given_up] == ["b", "c"]


def test_after_a_stop_what_is_asked_is_given_up_at_once(office):
    here = office(5)
    here.dispatcher.stop("SIGINT")
    here.dispatcher.ask(burst("ab"))
    assert here.run() == []
    assert [ask.fiat for ask in here.dispatcher.given_up] == ["a", "b"]


def test_a_stop_ends_a_wait_for_a_pause(office):
    here = office(5)
    here.lane.failed(0.0, 0.0, blocked=True, retry_after=3600.0)
    here.dispatcher.ask(burst("a"))
    here.clock.at(7.0, lambda: here.dispatcher.stop("SIGINT"))
    assert here.run() == []
    assert here.clock.seconds == 7.0


def test_the_first_reason_to_stop_is_the_one_that_counts(office):
    here = office(5)
    here.dispatcher.drain("SIGTERM")
    here.dispatcher.stop("the grace is over")
    assert here.dispatcher.stopped == "SIGTERM"


def test_a_sweep_waits_for_the_budget_once_a_burst(office, new_sweep):
    here, sweep, other = office(2), new_sweep(), new_sweep()
    here.dispatcher.ask(burst("ab"))
    here.dispatcher.ask([*burst("c", sweep=sweep), *burst("d", sweep=sweep)])
    here.dispatcher.ask(burst("e", sweep=other))
    assert here.run()[-1] == (122.0, "e")
    assert (sweep.waited, other.waited) == (61.0, 122.0)


def test_a_sweep_waits_once_for_a_burst_that_is_called_back(clock, new_sweep):
    lane, sweep = Lane("direct", 3), new_sweep()
    dispatcher = Dispatcher(clock, Lanes([lane]), 16)
    clock.seconds = 100.0
    dispatcher.ask(burst("abc", sweep=sweep))
    clock.seconds = 110.0

    async def leave():
        first = await dispatcher.next()
        lane.window.settle(110.0)
        lane.failed(110.0, first.left_at, blocked=True, retry_after=300.0)
        dispatcher.answered(first)
        return [(await dispatcher.next()).left_at for _ in range(2)]

    assert asyncio.run(leave()) == [410.0, 410.0]
    assert sweep.waited == 310.0


def test_a_sweep_begins_when_its_first_question_leaves(office, new_sweep):
    sweeps = {name: new_sweep() for name in "abc"}
    begun = []
    here = office(1, plan=[burst(name, sweep=sweep) for name, sweep in sweeps.items()])
    here.dispatcher.on_begin = lambda sweep: begun.append((here.clock.seconds, sweep))
    here.clock.at(70.0, lambda: here.dispatcher.stop("SIGTERM"))
    pages = {"a": burst("1", sweep=sweeps["a"])}
    here.on_answer = lambda ask: here.dispatcher.ask(pages.pop(ask.fiat, []))
    assert here.run() == [(0.0, "a"), (61.0, "1")]
    assert begun == [(0.0, sweeps["a"])]
    assert here.dispatcher.given_up == []


def test_a_retry_waits_from_the_moment_it_is_due(office, new_sweep):
    here, sweep = office(1), new_sweep()
    here.dispatcher.ask(burst("a"))
    here.dispatcher.ask_again(burst("b", sweep=sweep)[0], 40.0)
    assert here.run() == [(0.0, "a"), (61.0, "b")]
    assert sweep.waited == 21.0


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
    here = Office(new_clock(), **how, plan=plan)
    for each in bursts:
        here.dispatcher.ask(each)
    left = here.run()
    assert Counter(name for _, name in left) == expected
    moments = [moment for moment, _ in left]
    assert all(one <= next_one for one, next_one in pairwise(moments))
    for at, moment in enumerate(moments[how["budget"] :]):
        assert moment - moments[at] >= 60.0


def first_page(sweep, holds):
    return [Ask(queries.portal_config("p"), fiat="p", sweep=sweep, page=1, holds=holds)]


def test_a_first_page_leaves_when_its_further_pages_are_paid_for_too(office, new_sweep):
    sweep = new_sweep()
    here = office(4, plan=[burst("ab"), first_page(sweep, 2), burst("c")])
    here.on_answer = lambda ask: (
        ask.fiat == "p" and here.dispatcher.follow(sweep, burst("12", sweep=sweep))
    )
    # two places are free at once, but p and its two pages need three
    assert here.run() == [
        (0.0, "a"),
        (0.0, "b"),
        (0.0, "c"),
        (61.0, "p"),
        (62.0, "1"),
        (62.0, "2"),
    ]
    assert sweep.held == 0


def test_what_is_held_beyond_the_need_is_returned(clock, new_sweep):
    lane, sweep = Lane("direct", 5), new_sweep()
    dispatcher = Dispatcher(clock, Lanes([lane]), 16)
    dispatcher.ask(first_page(sweep, 4))
    asyncio.run(dispatcher.next())
    assert (sweep.held, lane.window.available(0.0)) == (4, 0)
    assert dispatcher.follow(sweep, burst("1", sweep=sweep))
    assert (sweep.held, lane.window.available(0.0)) == (0, 3)


def test_pages_that_were_not_expected_follow_only_where_the_lane_can_pay(clock, new_sweep):
    lane, sweep = Lane("direct", 3), new_sweep()
    dispatcher = Dispatcher(clock, Lanes([lane]), 16)
    dispatcher.ask(first_page(sweep, 1))
    asyncio.run(dispatcher.next())
    assert not dispatcher.follow(sweep, burst("123", sweep=sweep))
    assert (sweep.held, lane.window.available(0.0)) == (0, 2)
    assert dispatcher.follow(sweep, burst("12", sweep=sweep))


def test_sides_that_are_too_much_for_a_minute_together_go_one_after_the_other(clock, new_sweep):
    lane, sweeps = Lane("direct", 5), [new_sweep(), new_sweep()]
    dispatcher = Dispatcher(clock, Lanes([lane]), 16)
    dispatcher.ask([*first_page(sweeps[0], 3), *first_page(sweeps[1], 3)])
    first = asyncio.run(dispatcher.next())
    assert (first.sweep, lane.window.available(0.0)) == (sweeps[0], 1)
    dispatcher.follow(sweeps[0], [])
    lane.window.settle(0.0)
    dispatcher.answered(first)
    assert asyncio.run(dispatcher.next()).sweep is sweeps[1]
