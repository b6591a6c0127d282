"""A dispatcher with an exchange behind it that answers, by the manual clock."""

import asyncio

from p2p_scrapy.binance import queries
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census.dispatch import Ask, Dispatcher


def burst(names, sweep=None, **fields):
    """A question for each letter."""
    return [
        Ask(queries.portal_config(name), fiat=name, sweep=sweep, page=at, **fields)
        for at, name in enumerate(names, 1)
    ]


class Office:
    """A dispatcher with an exchange behind it that answers everything after ``travel`` seconds.

    ``lanes`` are budgets by name, ``plan`` and ``left`` questions by their letters.
    """

    def __init__(self, clock, lanes, *, width=16, travel=1.0, plan=()):
        self.clock = clock
        self.lanes = Lanes([Lane(name, budget) for name, budget in lanes.items()])
        self.dispatcher = Dispatcher(clock, self.lanes, width)
        self.dispatcher.plan(iter(plan))
        self.travel = travel
        self.left = []
        self.most_out = 0
        self.on_answer = lambda ask: None  # noqa: ARG005
        self._out = 0

    def lane(self, name):
        return self.lanes.named(name)

    def run(self):
        """What left, as (second, name, lane), until there is nothing left to ask."""
        asyncio.run(self._run())
        return self.left

    def pause(self, name, seconds):
        lane, now = self.lane(name), self.clock.seconds
        lane.failed(now, now, blocked=True, retry_after=seconds)

    def break_(self, name):
        for _ in range(10):
            self.lane(name).failed(self.clock.seconds, self.clock.seconds, blocked=False)

    async def _run(self):
        while (ask := await self.dispatcher.next()) is not None:
            assert ask.left_at == self.clock.seconds
            self.left.append((self.clock.seconds, ask.fiat, ask.lane.name))
            self._out += 1
            self.most_out = max(self.most_out, self._out)
            self.clock.at(self.clock.seconds + self.travel, lambda ask=ask: self._answer(ask))

    def _answer(self, ask):
        self._out -= 1
        ask.lane.window.settle(self.clock.seconds)
        self.on_answer(ask)
        self.dispatcher.answered(ask)


class OneLaneOffice(Office):
    """An office whose one lane, of this budget, need not be named."""

    def __init__(self, clock, budget, **how):
        super().__init__(clock, {"direct": budget}, **how)
        self.only_lane = self.lane("direct")

    def run(self):
        """What left, as (second, name), until there is nothing left to ask."""
        return [(second, name) for second, name, _ in super().run()]
