"""A market of markets that is read batch by batch, as far as a window holds it."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from items import Market, Side
from p2p_scrapy.census.market_history import MarketHistory
from p2p_scrapy.census.planner import Pace, Plan
from p2p_scrapy.census.planner.prospect import Prospect, prospects

EPOCH = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
PACE = Pace(interval=600.0, window=450.0, max_age=3600.0)


@pytest.fixture
def pace():
    return PACE


@pytest.fixture
def epoch():
    return EPOCH


@pytest.fixture
def prospect():
    """A market by its number, last asked and read so many seconds before the epoch."""

    def build(number, requests=1, gain=0.0, age=600.0, read_age=None):
        at = None if age is None else EPOCH - timedelta(seconds=age)
        read_age = age if read_age is None else read_age
        read_at = None if read_age is None else EPOCH - timedelta(seconds=read_age)
        market = Market(f"A{number:04d}", "VES", Side.SELL)
        return Prospect(market, requests, gain, at, read_at)

    return build


@dataclass
class Exchange:
    """Markets with true sizes in ads and rates of change, and what a folder knows of them.

    ``ages`` has every market's age just before it was read again, by batch; ``read`` which
    markets a batch read, ``plans`` its plan.
    """

    sizes: dict[Market, int]
    rates: dict[Market, float]
    holds: int
    rng: random.Random
    pace: Pace = PACE
    now: datetime = EPOCH
    known: dict[Market, MarketHistory] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    read: list[list[Market]] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)

    def requests(self, market):
        return max(-(-self.sizes[market] // 20), 1)

    def batch(self, markets=None):
        """Plan, read what the window really holds, and go on."""
        known = prospects(markets or self.sizes, self.known, 250)
        plan = Plan.of_window(known, self.pace, self.now, budget=100, holds=self.holds)
        room, read = self.holds, []
        for unit in plan.units({}):
            for market in unit:
                if self.requests(market) <= room:
                    room -= self.requests(market)
                    self._read(market, share=1 - room / self.holds)
                    read.append(market)
        self.plans.append(plan)
        self.read.append(read)
        self.skip()

    def skip(self):
        """Go on to the next start."""
        jitter = self.rng.uniform(-0.1, 0.1) * self.pace.interval
        self.now += timedelta(seconds=self.pace.interval + jitter)

    def _read(self, market, share):
        """Read a market, so far into the window."""
        at = self.now + timedelta(seconds=share * self.pace.window)
        past = self.known.setdefault(market, MarketHistory())
        if past.complete_at is not None:
            seconds = (at - past.complete_at).total_seconds()
            self.ages.append(seconds)
            size = self.sizes[market]
            changes = min(round(self.rates[market] * size * seconds), size)
            past.watch(changes, max(size, 1), seconds)
        past.total = past.complete_unique = self.sizes[market]
        past.asked_at = past.complete_at = at

    def oldest(self):
        """The greatest age of a market that was read at all, at this batch's start."""
        return max((self.now - past.complete_at).total_seconds() for past in self.known.values())


@pytest.fixture
def new_exchange():
    """So many markets, sizes as unequal as in life, whose census needs so many windows."""

    def build(seed, markets=240, windows=3.0):
        rng = random.Random(seed)
        names = [Market(f"A{n // 2:03d}", "VES", list(Side)[n % 2]) for n in range(markets)]
        sizes = {each: int(rng.paretovariate(0.7)) - 1 for each in names}
        sizes = {each: min(size * 4, 1400) for each, size in sizes.items()}
        rates = {each: rng.choice((0.2, 1.0, 5.0)) * 0.035 / 600 for each in names}
        total = sum(max(-(-size // 20), 1) for size in sizes.values())
        return Exchange(sizes, rates, int(total / windows), rng)

    return build
