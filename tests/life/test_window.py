"""Batches that must end in time: a window that holds only a part of the census."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange

LAPSE, BUDGET = 20, 40
WINDOW, INTERVAL, MAX_AGE = 60, 100, 580
ROTATION = 4
"""Five intervals, the window and the jitter are the age; one batch of them may be lost."""
BATCHES = 6


@pytest.fixture
def exchange():
    """Eighty markets that take 112 requests; a window holds one budget, of which 36 are sure."""
    options = ExchangeOptions(markets=80, ads=900, latency=0.01, time_lapse=LAPSE)
    with running_exchange(options) as exchange:
        yield exchange


@pytest.fixture
def arguments(exchange):
    settings = {
        "P2P_BASE_URL": exchange.url,
        "P2P_REQUESTS_PER_MINUTE": BUDGET,
        "P2P_REQUESTS_PER_MINUTE_MAX": BUDGET,
        "P2P_TIME_LAPSE": f"{LAPSE}@{(datetime.now(UTC) - timedelta(minutes=1)).isoformat()}",
        "P2P_WINDOW_SECONDS": WINDOW,
        "P2P_INTERVAL_SECONDS": INTERVAL,
        "P2P_MAX_MARKET_AGE_SECONDS": MAX_AGE,
    }
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return ["crawl", "binance_p2p", *given]


def named(manifest):
    """The deferred markets, each with the reason."""
    return {
        f"{name.split()[0]}/{fiat} {name.split()[1]}": deferral["reason"]
        for deferral in manifest["deferred"]
        for fiat, names in deferral["markets"].items()
        for name in names.split(", ")
    }


@pytest.fixture
def all_known(scrapy, arguments, exchange):
    """A census without an end or a limit; from then on there is both."""
    more = (
        "P2P_WINDOW_SECONDS=0",
        "P2P_REQUESTS_PER_MINUTE=200",
        "P2P_REQUESTS_PER_MINUTE_MAX=200",
    )
    given = [part for setting in more for part in ("-s", setting)]
    assert scrapy(*arguments, *given).returncode == 0
    exchange.adjust(limit=BUDGET)


@pytest.mark.usefixtures("all_known")
def test_a_window_too_small_reads_all_markets_by_turns(scrapy, arguments, exchange, lake):
    codes = [scrapy(*arguments).returncode for _ in range(BATCHES)]
    manifests = lake.manifests()[1:]
    assert codes == [0] * BATCHES, [m["stopped"] for m in manifests]
    traded = {f"{m['asset']}/{m['fiat']} {m['side']}" for m in exchange.book()["markets"]}
    read_in = {manifest["batch_id"]: [] for manifest in manifests}
    for row in lake.sweeps():
        assert row["verdict"] == "complete"
        assert row["pages"] == max(-(-row["total_last"] // 20), 1)
        read_in.get(row["batch_id"], []).append(f"{row['asset']}/{row['fiat']} {row['side']}")
    for manifest in manifests:
        assert manifest["status"] == "completed"
        assert manifest["completeness"] == 1
        # the first may follow what was read before it so soon that all of that is fresh
        assert 0 < manifest["coverage"] < (1 if manifest is not manifests[0] else 1.1)
        assert manifest["unread"] == manifest["shortfalls"] == []
        assert manifest["stopped"] is None
        window = manifest["window"]
        assert (window["seconds"], window["rotation"]) == (WINDOW, ROTATION)
        assert window["holds"] <= BUDGET < window["needs"] == 112
        deferred, read = named(manifest), read_in[manifest["batch_id"]]
        assert deferred.keys() | set(read) == traded
        assert len(deferred) + len(read) == len(traded) > manifest["planned"] == len(read)
        assert sum(each["count"] for each in manifest["deferred"]) == len(deferred)
    order = [set(read_in[manifest["batch_id"]]) for manifest in manifests]
    for market in traded:  # in each rotation, or the batch after it, which may be lost
        at = [number for number, markets in enumerate(order) if market in markets]
        assert all(b - a <= ROTATION + 1 for a, b in pairwise([-1, *at, BATCHES]))
    assert exchange.requests()["busiest_minute"] <= 200


def test_what_was_never_read_is_read_as_far_as_there_is_time(scrapy, arguments, lake):
    options = ExchangeOptions(markets=80, ads=200, latency=0.01, time_lapse=LAPSE, limit=20)
    with running_exchange(options) as exchange:
        small = f"P2P_BASE_URL={exchange.url}"
        result = scrapy(*arguments, "-s", small, "-s", "P2P_REQUESTS_PER_MINUTE=20")
    (manifest,) = lake.manifests()
    assert result.returncode == 0, manifest["stopped"]
    assert manifest["status"] == "completed"
    assert 0 < manifest["planned"] == manifest["complete"] < 80
    assert set(named(manifest).values()) == {"no_room"}
    assert len(named(manifest)) == 80 - manifest["planned"]
    assert (manifest["completeness"], manifest["coverage"]) == (1, None)


@pytest.mark.usefixtures("all_known")
def test_an_end_that_comes_too_early_is_told(scrapy, arguments, exchange, lake):
    """The exchange lets a tenth of the budget through, which the plan cannot know."""
    exchange.adjust(limit=4)
    result = scrapy(*arguments)
    manifest = lake.manifests()[-1]
    assert result.returncode in {1, 3}
    assert manifest["stopped"].startswith(f"the window of {WINDOW} s is over")
    assert manifest["unread"] or manifest["failed"]
    assert "Traceback" not in result.stderr
