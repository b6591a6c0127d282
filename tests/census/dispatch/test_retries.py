"""What is put back, and what holds back a lane that pauses or whose circuit is open."""

import asyncio

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census.dispatch import Dispatcher
from tests.census.dispatch.office import burst


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
    here.only_lane.failed(0.0, 0.0, blocked=True)
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
        here.only_lane.failed(0.0, 0.0, blocked=False)
    here.dispatcher.ask(burst("abc"))
    here.on_answer = lambda ask: here.only_lane.succeeded(here.clock.seconds)  # noqa: ARG005
    assert here.run() == [(60.0, "a"), (61.0, "b"), (61.0, "c")]
