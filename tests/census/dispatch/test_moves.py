"""What has begun on a lane that is lost, pauses or fails, and where it goes on."""

import asyncio

from tests.census.dispatch.office import burst


def test_what_has_begun_on_a_lane_that_is_lost_moves_to_another(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep)])
    here.on_answer = lambda ask: _meet_loss(here, ask)
    begun = []
    here.dispatcher.on_begin = lambda sweep: begun.append(sweep.lane)
    assert here.run() == [(0.0, "p", "a"), (1.0, "p", "b")]
    assert (begun, sweep.lane) == (["a", "b"], "b")


def _meet_loss(here, ask):
    if ask.lane.name == "a":
        here.lanes.lose(ask.lane, "the country is refused")
        here.dispatcher.ask_again(ask, 0.0)


def pausing_once(here, seconds):
    """The first answer pauses lane a, and its question is put again."""
    firsts = iter([True])

    def answer(ask):
        if next(firsts, False):
            here.pause("a", seconds)
            here.dispatcher.ask_again(ask, 0.0)

    return answer


def test_what_has_begun_moves_from_a_lane_that_pauses_for_long(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep)])
    here.on_answer = pausing_once(here, 60.0)
    assert here.run() == [(0.0, "p", "a"), (1.0, "p", "b")]


def test_what_has_begun_moves_as_soon_as_another_lane_answers_again(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep)])

    def answer(ask):
        if ask.lane.name == "a":
            here.pause("a", 300.0)
            here.pause("b", 50.0)
            here.dispatcher.ask_again(ask, 0.0)

    here.on_answer = answer
    assert here.run() == [(0.0, "p", "a"), (51.0, "p", "b")]


def test_what_one_lane_fails_at_again_and_again_is_asked_by_another(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep)])

    def answer(ask):
        if ask.lane.name == "a":
            ask.lane.failed(here.clock.seconds, ask.left_at, blocked=False)
            here.dispatcher.ask_again(ask, 5.0)

    here.on_answer = answer
    assert [(second, lane) for second, _, lane in here.run()] == [
        (0.0, "a"),
        (6.0, "a"),
        (12.0, "a"),
        (13.0, "b"),
    ]


def test_what_every_lane_fails_at_stays_where_it_is(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep)])
    tries = []

    def answer(ask):
        tries.append(ask.lane.name)
        ask.lane.failed(here.clock.seconds, ask.left_at, blocked=False)
        if len(tries) < 8:
            here.dispatcher.ask_again(ask, 5.0)

    here.on_answer = answer
    here.run()
    assert "".join(tries) == "aaabbbbb"


def test_what_has_begun_waits_out_a_short_pause(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep)])
    here.on_answer = pausing_once(here, 20.0)
    assert here.run() == [(0.0, "p", "a"), (21.0, "p", "a")]


def test_a_sweep_moves_once_none_of_its_answers_is_awaited_any_more(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("pqr", sweep)], travel=5.0)
    here.clock.at(1.0, lambda: here.lanes.lose(here.lane("a"), "gone"))
    asked_again = []

    def answer(ask):
        if ask.lane.name == "a" and ask.fiat in "qr":
            here.dispatcher.ask_again(ask, 0.0)

    def move(moved, asks):
        asked_again.append((moved, {ask.fiat for ask in asks}))
        return burst("PQR", moved)

    here.on_answer = answer
    here.dispatcher.on_move = move
    here.run()
    assert here.left[3:] == [(5.0, name, "b") for name in "PQR"]
    assert asked_again == [(sweep, {"q", "r"})]


def test_what_is_held_on_a_lost_lane_is_let_go_of(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep, holds=2)])
    here.on_answer = lambda ask: _meet_loss(here, ask)
    here.run()
    assert here.lane("a").window.available(1000.0) == 4


def test_pages_do_not_follow_on_a_lost_lane(office_of_lanes, new_sweep):
    sweep = new_sweep()
    here = office_of_lanes(plan=[burst("p", sweep, holds=2)])
    asyncio.run(here.dispatcher.next())
    here.lanes.lose(here.lane("a"), "gone")
    assert not here.dispatcher.follow(sweep, burst("xy", sweep))
    assert sweep.held == 0


def test_what_was_paid_for_leaves_by_another_lane_where_its_own_is_lost(office_of_lanes):
    here = office_of_lanes()
    here.dispatcher.ask(burst("012"))
    first = asyncio.run(here.dispatcher.next())
    here.lanes.lose(first.lane, "gone")
    assert asyncio.run(here.dispatcher.next()).lane.name == "b"
    assert here.lane("a").window.available(0.0) == 3
