"""Several addresses, as the exchange sees them: each proxy asks it from one of its own."""

from collections import Counter
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from p2p_scrapy.binance.answers import WRONG_ACCOUNT
from tests.proxies import forward_proxy

PER_MINUTE = 40
LAPSE = 60


@pytest.fixture(scope="module")
def open_proxies():
    """Opens proxies at 127.0.0.2 and so on, which close with the module."""
    with ExitStack() as stack:
        yield lambda *hows: [
            stack.enter_context(forward_proxy(f"127.0.0.{at}", **how))
            for at, how in enumerate(hows, 2)
        ]


@pytest.fixture(scope="module")
def by_lanes(open_exchange, census, open_proxies):
    """A census by these proxies, at what the exchange allows an address."""

    def take(*hows, ads=1_200, faults=(), **given):
        """The exchange, the proxies that were opened, and the crawl."""
        proxies = open_proxies(*hows)
        exchange = open_exchange(
            markets=120, ads=ads, limit=PER_MINUTE, time_lapse=LAPSE, latency=0.005, faults=faults
        )
        given.setdefault("PROXIES", ",".join(proxy.url for proxy in proxies))
        crawl = census(
            exchange,
            REQUESTS_PER_MINUTE=PER_MINUTE,
            REQUESTS_PER_MINUTE_MAX=PER_MINUTE,
            TIME_LAPSE=LAPSE,
            **given,
        )
        return exchange, proxies, crawl

    return take


@pytest.fixture(scope="module")
def four_lanes(by_lanes):
    return by_lanes({}, {}, {}, ads=3_000)


def pages_by_lane(crawl):
    pages = Counter()
    for row in crawl.ledger.values():
        pages[row["lane"]] += row["pages"]
    return pages


def test_four_addresses_share_a_census_and_none_asks_more_than_it_may(four_lanes):
    exchange, proxies, crawl = four_lanes
    asked = exchange.requests()
    sent = crawl.manifest["requests"]["sent"]
    assert asked["by_status"] == {"200": sent}
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert crawl.is_accounted_for()
    busiest = asked["busiest_minute_by_client"]
    assert busiest.keys() == {f"127.0.0.{at}" for at in range(1, 5)}
    assert max(busiest.values()) <= PER_MINUTE
    shares = [proxy.passed / sent for proxy in proxies]
    shares.append(1 - sum(shares))
    assert min(shares) > 0.15
    # Alone an address needs a minute for each PER_MINUTE requests; together they need as many
    # minutes as the one with the largest share, which is about a quarter of that.
    assert max(shares) < 0.35
    assert pages_by_lane(crawl).keys() == {"direct", *(proxy.name for proxy in proxies)}


def without(secret, crawl):
    """Whether a secret is in nothing that a run has left, nor in what it said."""
    kept = [path.read_bytes() for path in crawl.folder.rglob("*") if path.is_file()]
    return secret not in crawl.log and not any(secret.encode() in each for each in kept)


def is_whole(crawl):
    assert set(crawl.verdicts.values()) == {"complete"}
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    return crawl.is_accounted_for()


def test_a_blocked_address_does_not_hold_the_others_back(by_lanes):
    _, (blocked, good), crawl = by_lanes({"refuse_with": 403}, {})
    assert is_whole(crawl)
    assert pages_by_lane(crawl).keys() == {"direct", good.name}
    told = crawl.manifest["budget"][blocked.name]
    assert (told["answers"], told["pauses"] > 0) == (0, True)
    assert crawl.manifest["errors"] == {"blocked": blocked.asked}


def test_what_a_lost_address_has_begun_is_read_by_another(by_lanes):
    """Books of many pages, so that some have begun to come by the address when it is lost."""
    exchange, (lost, good), crawl = by_lanes({"refuse_with": 451, "after": 9}, {}, ads=6_000)
    assert is_whole(crawl)
    told = crawl.manifest["budget"]
    assert "HTTP 451" in told[lost.name]["lost"]
    assert told[good.name]["lost"] is None
    assert lost.passed == told[lost.name]["answers"] == 9
    assert crawl.manifest["stopped"] is None
    assert list(crawl.alerts) == ["country_refused"]
    assert pages_by_lane(crawl)[lost.name] < 9  # of what was begun there nothing is left
    assert any(row["rereads"] for row in crawl.ledger.values())
    assert exchange.requests()["by_status"].keys() == {"200"}


def test_a_batch_ends_early_when_every_address_is_lost(by_lanes):
    exchange, _, crawl = by_lanes({}, {}, faults=("country451=0.05",))
    assert (crawl.code, crawl.manifest["status"]) == (3, "partial")
    assert crawl.is_accounted_for()
    assert all("HTTP 451" in lane["lost"] for lane in crawl.manifest["budget"].values())
    assert "HTTP 451" in crawl.manifest["stopped"]
    assert exchange.requests()["by_status"]["451"] >= 3
    assert {"complete"} < set(crawl.verdicts.values()) or crawl.manifest["unread"]


def test_a_proxy_that_wants_another_account_is_said_and_done_without(by_lanes, open_proxies):
    (closed,) = open_proxies({"account": "anna:right-one"})
    wrong = closed.url.replace("right-one", "wrong-one")
    _, _, crawl = by_lanes(PROXIES=wrong)
    assert is_whole(crawl)
    assert closed.passed == 0
    told = crawl.manifest["budget"][closed.name]["lost"]
    assert told == f"the proxy answered HTTP 407: {WRONG_ACCOUNT}"
    assert list(crawl.alerts) == ["proxy_refused"]
    assert without("wrong-one", crawl)
    assert closed.name in crawl.log


def test_a_proxy_with_an_account_is_a_lane_and_its_secret_is_nowhere(by_lanes):
    _, (proxy,), crawl = by_lanes({"account": "anna:se%3Acret"})
    assert is_whole(crawl)
    assert proxy.passed > 20
    for secret in ("se%3Acret", "se:cret", "YW5uYTpzZTpjcmV0"):
        assert without(secret, crawl)


def test_a_proxy_that_is_not_there_is_said_and_done_without(by_lanes, open_proxies):
    (gone,) = open_proxies({})
    gone.stop()
    _, _, crawl = by_lanes(PROXIES=gone.url)
    assert is_whole(crawl)
    assert f"proxy {gone.name} cannot be reached: Connection was refused" in crawl.log
    assert crawl.manifest["errors"].keys() == {"proxy_down"}
    assert pages_by_lane(crawl).keys() == {"direct"}


def test_a_way_by_tls_that_a_proxy_does_not_open_is_said(open_proxies, census):
    closed, broken = open_proxies({"account": "anna:right-one"}, {"refuse_with": 502})
    wrong = closed.url.replace("right-one", "wrong-one")
    nobody = SimpleNamespace(url="https://127.0.0.1:9")
    crawl = census(
        nobody, PROXIES=f"{wrong},{broken.url}", fiats="VES", assets="USDT",
        sides="SELL", RETRIES=1, TIME_LAPSE=1000,
    )  # fmt: skip
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert f"proxy {closed.name}: {WRONG_ACCOUNT}" == crawl.manifest["budget"][closed.name]["lost"]
    assert f"proxy {broken.name} opens no way to the exchange" in crawl.log
    assert {"proxy_refused", "proxy_down"} < crawl.manifest["errors"].keys()
    assert without("wrong-one", crawl)
