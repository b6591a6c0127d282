"""SIGKILL in the middle of a minute: what was asked in it is not asked again by the next run."""

import signal
import time
from datetime import UTC, datetime

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange

BUDGET = 30
LAPSE = 20


class SharedClock:
    """The time-lapse that the exchange and both runs live in."""

    def __init__(self):
        self.origin = datetime.now(UTC)

    def now(self):
        return self.origin.timestamp() + (time.time() - self.origin.timestamp()) * LAPSE

    @property
    def settings(self):
        lapse = f"P2P_TIME_LAPSE={LAPSE}@{self.origin.isoformat()}"
        budget = [f"P2P_REQUESTS_PER_MINUTE{end}={BUDGET}" for end in ("", "_MAX")]
        return [part for each in (lapse, *budget) for part in ("-s", each)]


@pytest.mark.parametrize("asked_before", [5, 17, 30])
def test_a_killed_run_and_the_next_keep_the_budget_together(
    scrapy_command, scrapy, crawl_of, asked_before, lake
):
    clock = SharedClock()
    options = ExchangeOptions(markets=24, ads=600, limit=BUDGET, latency=0.02)
    with running_exchange(options, clock=clock) as exchange:
        killed = scrapy_command(*crawl_of(exchange, *clock.settings))
        while sum(exchange.requests()["by_status"].values()) < asked_before:
            assert killed.poll() is None
            time.sleep(0.002)  # another process asks; there is no event to wait on
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        after = scrapy(*crawl_of(exchange, *clock.settings))
        asked = exchange.requests()
    assert after.returncode == 0, after.stderr
    assert asked["by_status"].keys() == {"200"}
    assert asked["busiest_minute"] <= BUDGET
    assert len(lake.manifests()) == 2
