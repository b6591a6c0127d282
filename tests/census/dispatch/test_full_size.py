"""A whole market by the dispatcher alone: how long it takes by the clock of its budget."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from items import Market, Side
from p2p_scrapy.binance import queries
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census.dispatch import Ask, Dispatcher
from p2p_scrapy.census.open_sweep import OpenSweep

PER_MINUTE = 200
TRAVEL = 0.3
"""Seconds of a round trip, as measured at the exchange."""
LARGEST = 70
"""Pages of the deepest book."""


class Exchange:
    """Answers after ``TRAVEL`` seconds; every market has the pages that its last sweep told."""

    def __init__(self, clock, lanes, books):
        self.clock = clock
        self.lanes = Lanes([Lane(f"lane {at}", PER_MINUTE) for at in range(lanes)])
        self.dispatcher = Dispatcher(clock, self.lanes, width=16)
        self.pages = {}
        self.sent = Counter()
        self.moments = {}
        self.dispatcher.plan(self._plan(books))

    def _plan(self, books):
        for at, sides in enumerate(books):
            burst = []
            for side, pages in zip(Side, sides, strict=True):
                sweep = OpenSweep(Market(f"A{at}", "VES", side), "", datetime.now(UTC))
                self.pages[sweep] = pages
                burst.append(_ask(sweep, 1, holds=pages if pages > 1 else 0))  # one for its growth
            yield burst

    def run(self):
        asyncio.run(self._run())
        return self.clock.seconds

    async def _run(self):
        while (ask := await self.dispatcher.next()) is not None:
            self.sent[ask.lane.name] += 1
            self.clock.at(self.clock.seconds + TRAVEL, lambda ask=ask: self._answer(ask))

    def _answer(self, ask):
        ask.lane.window.settle(self.clock.seconds)
        assert ask.lane.name == ask.sweep.lane
        self.moments.setdefault(ask.sweep, []).append(self.clock.seconds)
        if ask.page == 1:
            pages = range(2, self.pages[ask.sweep] + 1)
            assert self.dispatcher.follow(ask.sweep, [_ask(ask.sweep, page) for page in pages])
        self.dispatcher.answered(ask)


def _ask(sweep, page, **fields):
    return Ask(
        queries.search(sweep.market, page, queries.Filter()), sweep=sweep, page=page, **fields
    )


@pytest.fixture(scope="module")
def books():
    """Pages of both sides of 900 pairs: a few large, most of a single page."""
    rng = random.Random(2026)  # repeatable, and nothing secret
    drawn = [
        [min(int(rng.lognormvariate(-1.2, 1.7)) + 1, LARGEST) for _ in Side] for _ in range(900)
    ]
    return sorted(drawn, key=sum, reverse=True)


@pytest.mark.parametrize("lanes", [1, 3, 4])
def test_a_census_takes_no_longer_than_its_budget_does(clock, books, lanes):
    exchange = Exchange(clock, lanes, books)
    seconds = exchange.run()
    smallest = sum(pages for sides in books for pages in sides)
    assert smallest > 3_000
    assert exchange.sent.total() == smallest
    assert seconds / (smallest / (lanes * PER_MINUTE) * 60) <= 1.05
    assert min(exchange.sent.values()) > 0.9 * smallest / lanes
    # 70 pages, 6 at a time, are 12 round trips; it may share the width with two others.
    spans = [moments[-1] - moments[0] for moments in exchange.moments.values()]
    assert max(spans) <= 3 * 12 * TRAVEL
