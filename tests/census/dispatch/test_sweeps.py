"""Sweeps: how long they waited, when they begin, and the budget held for their pages."""

import asyncio

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census.dispatch import Dispatcher
from tests.census.dispatch.office import burst


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


def first_page(sweep, holds):
    return burst("p", sweep, holds=holds)


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
