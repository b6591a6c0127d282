"""SIGKILL at random moments: a second is lost at most, and that second is a recorded gap."""

import random
import signal
import time
from datetime import UTC, datetime
from functools import partial

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange

MOMENTS = 20
LOST_SECONDS = 1.0


@pytest.fixture
def killed(scrapy_command, stream_of, stored, judge, wait_until):
    """Kill a stream so many times; when each was connected, and when it was killed."""

    def run(moments):
        rng = random.Random(20261121)
        runs = []
        with running_exchange(ExchangeOptions(ads=0, markets=1)) as exchange:

            def start():
                opened = exchange.futures_connections() + 2
                process = scrapy_command(*stream_of(exchange, "-s", "STREAM_FLUSH_SECONDS=1"))
                wait_until(lambda: exchange.futures_connections() >= opened)
                return process, datetime.now(UTC)

            for _ in range(moments):
                process, opened = start()
                time.sleep(rng.uniform(0.2, 1.5))
                process.send_signal(signal.SIGKILL)
                runs.append((opened, datetime.now(UTC)))
                process.communicate()
            process, _ = start()
            for dataset in ("diffs", "trades"):  # of trades, once it is healed
                gaps = partial(stored.gaps, dataset, "BTCUSDT")
                wait_until(lambda tell=gaps: is_told(tell(), runs[-1][1]))
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
            assert (process.returncode, "Traceback" in err) == (0, False)
            judge(exchange)
        return runs

    return run


def is_told(gaps, moment):
    return any(gap["ended_at"] and gap["ended_at"] > moment for gap in gaps)


def gap_at(stored, moment):
    gaps = [gap for gap in stored.gaps("diffs", "BTCUSDT") if gap["reason"] == "killed"]
    (gap,) = [gap for gap in gaps if gap["started_at"] <= moment <= gap["ended_at"]]
    return gap


def test_what_a_kill_loses_is_a_recorded_gap_and_trades_are_healed(killed, stored):
    for _, moment in killed(3):
        assert gap_at(stored, moment)
    trades = stored.gaps("trades", "BTCUSDT")
    assert all(gap["healed"] for gap in trades if gap["reason"] == "killed")


@pytest.mark.long
def test_no_moment_of_a_kill_loses_more_than_a_second(killed, stored):
    for opened, moment in killed(MOMENTS):
        lost = moment - max(gap_at(stored, moment)["started_at"], opened)
        assert lost.total_seconds() <= LOST_SECONDS
