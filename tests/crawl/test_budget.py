"""The request budget, as the exchange sees it: its own counts and times are what is looked at."""

import time
from collections import deque
from datetime import UTC, datetime
from itertools import pairwise

import pytest

MINUTE = 60.0


class SharedClock:
    """A time-lapse that an exchange and a crawl agree upon, so that a date means one moment."""

    def __init__(self, lapse):
        self.lapse = lapse
        self.origin = datetime.now(UTC)

    def now(self):
        return self.origin.timestamp() + (time.time() - self.origin.timestamp()) * self.lapse

    @property
    def setting(self):
        return f"{self.lapse}@{self.origin.isoformat()}"


def is_whole(crawl, exchange):
    books = {(m["fiat"], m["asset"], m["side"]): m["natural"] for m in exchange.book()["markets"]}
    for market, row in crawl.ledger.items():
        assert [ad["adv_no"] for ad in crawl.ads_of[market] if ad["rank"]] == books[market]
        assert row["verdict"] == "complete"
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    return crawl.is_accounted_for()


@pytest.fixture(scope="module")
def at_the_limit(open_exchange, census):
    """A census whose budget is exactly what the exchange allows, over some minutes."""
    exchange = open_exchange(markets=20, ads=2_400, limit=60, time_lapse=60, latency=0.02)
    fixed = {"REQUESTS_PER_MINUTE": 60, "REQUESTS_PER_MINUTE_MAX": 60}
    return exchange, census(exchange, **fixed, TIME_LAPSE=60)


def test_a_budget_of_what_is_allowed_meets_no_refusal(at_the_limit):
    exchange, crawl = at_the_limit
    asked = exchange.requests()
    assert is_whole(crawl, exchange)
    assert asked["by_status"] == {"200": crawl.manifest["requests"]["sent"]}
    assert asked["search"] > 120  # more than two minutes' worth
    assert asked["busiest_minute"] <= 60
    assert asked["busiest_minute"] > 45  # and the budget is made use of
    assert crawl.manifest["errors"] == {}


def test_both_sides_of_a_pair_are_asked_together(open_exchange, census):
    """A budget of three leaves one over after the fiats and the assets: no side goes alone."""
    exchange = open_exchange(markets=6, ads=40, limit=3, time_lapse=200, latency=0.02)
    crawl = census(exchange, REQUESTS_PER_MINUTE=3, REQUESTS_PER_MINUTE_MAX=3, TIME_LAPSE=200)
    assert is_whole(crawl, exchange)
    pairs = {(fiat, asset) for fiat, asset, _ in crawl.ledger}
    assert len(pairs) == 3
    for fiat, asset in pairs:
        bids, asks = crawl.ledger[fiat, asset, "BUY"], crawl.ledger[fiat, asset, "SELL"]
        last_asked = max(bids["started_at"], asks["started_at"])
        assert last_asked <= min(bids["first_response_at"], asks["first_response_at"])


def test_a_book_larger_than_the_budget_is_read_over_several_minutes(open_exchange, census):
    exchange = open_exchange(markets=1, ads=400, limit=8, time_lapse=200)
    crawl = census(exchange, REQUESTS_PER_MINUTE=8, REQUESTS_PER_MINUTE_MAX=8, TIME_LAPSE=200)
    assert is_whole(crawl, exchange)
    asked = exchange.requests()
    assert asked["by_status"] == {"200": 23}  # page 1 was read again with the others
    assert asked["busiest_minute"] <= 8
    row = crawl.ledger["VND", "USDT", "SELL"]
    assert (row["pages"], row["rereads"]) == (20, 1)
    assert (row["swept_at"] - row["started_at"]).total_seconds() > MINUTE
    assert crawl.manifest["slow"] == []  # that was waiting for the budget


def test_all_further_pages_of_a_market_leave_as_one_burst(open_exchange, census):
    latency = 0.5
    exchange = open_exchange(markets=1, ads=400, latency=latency)
    crawl = census(exchange)
    assert is_whole(crawl, exchange)
    times = deque(exchange.requests(with_times=True)["times"][3:])  # after fiats, assets, page 1
    assert len(times) == 19
    rounds = 0
    while times:  # what came before the first answer of a round could is of that round
        rounds, end = rounds + 1, times[0] + latency
        while times and times[0] < end:
            times.popleft()
    # 6 at a time are on the wire. One by one they would be 19 rounds; a busy machine may add one.
    assert rounds <= 5
    row = crawl.ledger["VND", "USDT", "SELL"]
    assert (row["swept_at"] - row["first_response_at"]).total_seconds() < 19 * latency / 2


@pytest.mark.parametrize(
    ("named_as", "limit", "ads"),
    [("seconds", 6, 240), ("date", 1, 20)],
    ids=["seconds, to some of a burst", "date, to one at a time"],
)
def test_the_wait_that_a_429_names_is_honoured(open_exchange, census, named_as, limit, ads):
    wait, clock = 120, SharedClock(80)
    exchange = open_exchange(
        clock,
        fiats=("VND",),
        assets=("USDT",),
        ads=ads,
        limit=limit,
        retry_after=named_as,
        retry_after_seconds=wait,
    )
    crawl = census(exchange, sides="SELL", TIME_LAPSE=clock.setting)
    assert is_whole(crawl, exchange)
    asked = exchange.requests(with_times=True)
    refusals = asked["by_status"]["429"]
    assert crawl.manifest["errors"] == {"rate_limited": refusals}
    refused = refused_of(asked["times"], limit)
    assert len(refused) == refusals
    quiet_from = MINUTE / 2  # what was on its way comes soon, the rest not before its time
    for at in refused:
        assert not [t for t in asked["times"] if at + quiet_from < t < at + wait]
    assert max(b - a for a, b in pairwise(asked["times"])) > wait - quiet_from
    assert crawl.manifest["slow"] == []


def refused_of(times, limit):
    """Which requests an exchange that lets so many a minute through has refused."""
    passed, refused = deque(), []
    for at in times:
        while passed and passed[0] <= at - MINUTE:
            passed.popleft()
        if len(passed) >= limit:
            refused.append(at)
        else:
            passed.append(at)
    return refused


def test_a_429_that_names_no_wait_climbs_the_ladder(open_exchange, census):
    exchange = open_exchange(fiats=("VND",), assets=("USDT",), ads=240, limit=6, time_lapse=200)
    crawl = census(exchange, TIME_LAPSE=200)
    assert is_whole(crawl, exchange)
    assert crawl.manifest["errors"].keys() == {"rate_limited"}
    steps = [line for line in crawl.log.splitlines() if "pauses for" in line]
    assert [line.rsplit(" pauses for ")[1] for line in steps] == ["60 s", "120 s"][: len(steps)]
    assert steps


def test_a_429_that_names_too_short_a_wait_loses_no_batch(open_exchange, census):
    exchange = open_exchange(
        fiats=("VND",), assets=("USDT",), ads=240,
        limit=6, retry_after="seconds", retry_after_seconds=0, time_lapse=200,
    )  # fmt: skip
    crawl = census(exchange, TIME_LAPSE=200)
    assert is_whole(crawl, exchange)
