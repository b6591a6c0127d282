"""A drain finishes what has begun; a stop gives up everything that has not left."""

import asyncio

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census.dispatch import Dispatcher
from tests.census.dispatch.office import burst


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
    here.only_lane.failed(0.0, 0.0, blocked=True, retry_after=3600.0)
    here.dispatcher.ask(burst("a"))
    here.clock.at(7.0, lambda: here.dispatcher.stop("SIGINT"))
    assert here.run() == []
    assert here.clock.seconds == 7.0


def test_the_first_reason_to_stop_is_the_one_that_counts(office):
    here = office(5)
    here.dispatcher.drain("SIGTERM")
    here.dispatcher.stop("the grace is over")
    assert here.dispatcher.stopped == "SIGTERM"
