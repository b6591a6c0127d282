"""The exchange's limit falls to a quarter in the middle of a batch; its own tally is looked at."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

LAPSE = 60
LIMIT = 64
FALLS_TO = LIMIT // 4
FALLS_AFTER = 100


def until_asked(exchange, count, crawl):
    """Wait until so much was asked; another process asks, so there is no event to wait on."""
    while not crawl.done() and exchange.requests()["search"] < count:
        time.sleep(0.01)


@pytest.fixture
def fallen(open_exchange, census):
    """A census during which the limit falls, and the exchange afterwards."""

    def take(retry_after):
        exchange = open_exchange(
            markets=100, ads=6_000, limit=LIMIT, latency=0.01,
            time_lapse=LAPSE, retry_after=retry_after,
        )  # fmt: skip
        budget = {"REQUESTS_PER_MINUTE": LIMIT, "REQUESTS_PER_MINUTE_MAX": LIMIT}
        with ThreadPoolExecutor(1) as pool:
            crawl = pool.submit(census, exchange, TIME_LAPSE=LAPSE, **budget)
            until_asked(exchange, FALLS_AFTER, crawl)
            exchange.adjust(limit=FALLS_TO)
        return exchange, crawl.result(), budget

    return take


@pytest.mark.parametrize("retry_after", ["none", "seconds"])
def test_few_requests_are_refused_and_the_batch_is_whole(fallen, census, retry_after):
    exchange, crawl, budget = fallen(retry_after)
    answers = exchange.requests()["by_status"]
    asked, refused = sum(answers.values()), answers.get("429", 0)
    assert asked > 2 * FALLS_AFTER
    assert 0 < refused <= 0.05 * asked
    assert crawl.manifest["errors"] == {"rate_limited": refused}
    assert crawl.manifest["requests"]["sent"] == asked
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert crawl.is_accounted_for()
    told = crawl.manifest["budget"]["direct"]
    assert (told["start"], told["pauses"] > 0) == (LIMIT, True)
    assert told["lowest"] <= FALLS_TO < told["start"]
    # What it has learnt is where the next batch begins.
    exchange.adjust(limit=LIMIT)
    later = census(exchange, crawl.folder, TIME_LAPSE=LAPSE, fiats="VND", assets="USDT", **budget)
    back = later.manifest["budget"]["direct"]
    assert (later.code, later.manifest["errors"]) == (0, {})
    assert told["end"] == back["start"] <= back["end"]
