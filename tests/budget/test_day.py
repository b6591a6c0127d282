"""A day and an incident, by a clock that jumps: a lane that always has something to ask."""

import heapq
from collections import deque
from itertools import count

import pytest

from p2p_scrapy.budget.lane import Lane

HOUR = 3600.0
BATCH = 600.0
TRAVEL = 0.3
WIDTH = 16


class Exchange:
    """Lets ``limit(second)`` requests through in any 60 s; refused ones do not count."""

    def __init__(self, limit, *, names_wait):
        self._limit = limit
        self._names_wait = names_wait
        self._passed = deque()

    def ask(self, now):
        """None for a good answer, else the wait that a refusal names (0: none)."""
        limit = self._limit(now)
        while self._passed and self._passed[0] <= now - 60:
            self._passed.popleft()
        if len(self._passed) < limit:
            self._passed.append(now)
            return None
        wait = self._passed[len(self._passed) - limit] + 60 - now
        return wait if self._names_wait else 0.0


class Day:
    """What came of it; ``budgets`` are those at the end of each batch's time."""

    def __init__(self, limit, seconds, *, names_wait, start=100):
        self.lane = Lane("direct", start, 10, 200)
        self.asked = self.refused = 0
        self.budgets = []
        self._exchange = Exchange(limit, names_wait=names_wait)
        self._out, self._numbers, self._pauses = [], count(), 0
        self._run(seconds)

    def _run(self, seconds):
        now = 0.0
        while now < seconds:
            while self._out and self._out[0][0] <= now:
                self._answer(now)
            while len(self._out) < WIDTH and self.lane.can_pay(1, now):
                self._ask(now)
            ready = self.lane.ready_at(1, now) if len(self._out) < WIDTH else None
            now = min(each for each in (ready, *(out[0] for out in self._out[:1])) if each)
            while now >= BATCH * (len(self.budgets) + 1):
                self._end_batch()

    def _ask(self, now):
        self.lane.pay(1)
        self.asked += 1
        wait = self._exchange.ask(now + TRAVEL / 2)
        heapq.heappush(self._out, (now + TRAVEL, next(self._numbers), now, wait))

    def _answer(self, now):
        _, _, asked_at, wait = heapq.heappop(self._out)
        self.lane.window.settle(now)
        if wait is None:
            self.lane.succeeded(now)
        else:
            self.refused += 1
            self.lane.failed(now, asked_at, blocked=True, retry_after=wait or None)

    def _end_batch(self):
        if self.lane.pauses == self._pauses:
            self.lane.rung = 0  # as the accounts do after a whole good batch
        self._pauses = self.lane.pauses
        self.budgets.append(self.lane.window.budget)


@pytest.mark.parametrize("names_wait", [False, True])
def test_a_day_against_a_limit_of_what_it_is_told_costs_two_percent(names_wait):
    day = Day(lambda _: 100, 24 * HOUR, names_wait=names_wait)
    assert day.asked - day.refused > 0.975 * 100 * 24 * 60
    assert day.refused < 0.001 * day.asked
    assert day.lane.pauses <= 8
    assert day.lane.window.budget == 100


@pytest.mark.parametrize("names_wait", [False, True])
def test_a_limit_that_is_not_met_costs_nothing(names_wait):
    day = Day(lambda _: 200, HOUR, names_wait=names_wait)
    assert (day.refused, day.lane.window.budget) == (0, 200)


@pytest.mark.parametrize("names_wait", [False, True])
@pytest.mark.parametrize("limit", [100, 200])
def test_a_limit_that_falls_to_a_quarter_is_found_and_kept(limit, names_wait):
    day = Day(
        lambda now: limit if now < 290 else limit // 4, HOUR, names_wait=names_wait, start=limit
    )
    assert day.refused <= 0.03 * day.asked
    assert day.asked - day.refused > 0.75 * limit / 4 * 60
    assert 0.9 * limit / 4 < max(day.budgets[2:]) <= limit / 4


@pytest.mark.parametrize("names_wait", [False, True])
def test_a_limit_that_comes_back_is_found_within_an_hour(names_wait):
    day = Day(
        lambda now: 50 if 290 < now < 1500 else 200, 2 * HOUR, names_wait=names_wait, start=200
    )
    assert min(day.budgets) <= 50
    assert max(day.budgets[: int((1500 + HOUR) // BATCH)]) >= 180
    assert day.lane.window.budget == 200
