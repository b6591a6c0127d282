"""Runs with one lane, by clocks that the test moves."""

from datetime import UTC, datetime, timedelta

from p2p_scrapy.budget.accounts import Accounts
from p2p_scrapy.budget.lane import Lane

NOW = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
EXCHANGE = "https://p2p.binance.com"


class Clock:
    """Both clocks, where the test puts them; each run's monotonic one begins anew."""

    def __init__(self, after: float, monotonic: float) -> None:
        self.after = after
        self.at = monotonic

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.after)

    def monotonic(self) -> float:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.after += seconds
        self.at += seconds


class Run:
    """One run with one lane; it begins so many seconds after NOW."""

    def __init__(
        self, folder, after=0.0, *, exchange=EXCHANGE, name="direct", budget=100, most=200
    ):
        self.folder = folder
        self.clock = Clock(after, 9000.0 + 17 * after)
        self.lane = Lane(name, budget, 2, most)
        self.accounts = Accounts(folder, exchange, self.clock)
        self.accounts.open(self.lane)

    def ask(self, count, *, answers=None):
        """Pay for so many requests, of which so many are answered well at once."""
        self.lane.pay(count)
        for _ in range(count if answers is None else answers):
            self.lane.window.settle(self.clock.at)
            self.lane.succeeded(self.clock.at)

    def refuse(self, retry_after=None):
        self.lane.pay(1)
        self.lane.window.settle(self.clock.at)
        self.lane.failed(self.clock.at, self.clock.at, blocked=True, retry_after=retry_after)

    def spent(self):
        return self.lane.window.budget - self.lane.window.available(self.clock.at)

    def end(self, *, was_good=True):
        self.accounts.close(was_good=was_good)
