"""The browser road: the census through a real Chromium, on an exchange that admits only such."""

import re

import pytest

from tests.proxies import forward_proxy

LAPSE = 200
SOON_LOST = 1_000
"""Nothing but pauses happens, an hour of them."""
OF_THE_RUN = {"batch_id", "snapshot_id", "fetched_at", "fetched_date", "observed_at"}
OF_THE_SWEEP = {"batch_id", "started_at", "first_response_at", "swept_at"}


def without(rows, names):
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def bodies(crawl):
    return {(each["market"], each["page"]): each["body"] for each in crawl.pages}


@pytest.fixture(scope="module")
def both_ways(chromium, open_exchange, census):  # noqa: ARG001 - it is there, or this is skipped
    """The same books read by the API, and by the browser where nobody else is let in."""
    exchange = open_exchange(markets=24, ads=1_500)
    by_api = census(exchange, KEEP_RAW="true")
    exchange.adjust(admit="browsers")
    return by_api, census(exchange, KEEP_RAW="true", TRANSPORT="browser"), exchange


def test_the_census_through_chromium_is_the_census_through_the_api(both_ways):
    by_api, by_browser, exchange = both_ways
    for crawl in (by_api, by_browser):
        assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
        assert crawl.is_accounted_for()
        assert crawl.manifest["errors"] == {}
    assert without(by_browser.ads, OF_THE_RUN) == without(by_api.ads, OF_THE_RUN)
    ledgers = [without(each.ledger.values(), OF_THE_SWEEP) for each in (by_api, by_browser)]
    assert ledgers[0] == ledgers[1]
    seen = {ad["adv_no"] for ad in by_browser.ads}
    assert len(seen) == exchange.book()["unique_ads"]


def test_every_answer_is_the_same_to_the_byte(both_ways):
    by_api, by_browser, _ = both_ways
    assert bodies(by_browser) == bodies(by_api)
    assert len(bodies(by_browser)) >= 80


def test_one_page_is_opened_and_asked_all_the_time(both_ways):
    by_api, by_browser, exchange = both_ways
    assert exchange.requests()["pages"] == 1
    asked = by_browser.manifest["requests"]
    assert asked["by_browser"] == asked["sent"] == asked["http_200"]
    assert "by_browser" not in by_api.manifest["requests"]


def test_the_driver_is_not_even_loaded_where_it_is_not_needed(both_ways):
    by_api, by_browser, _ = both_ways
    assert "playwright" not in by_api.log
    assert "Launching browser" in by_browser.log


@pytest.fixture(scope="module")
def guarded(open_exchange):
    """Admits only browsers."""
    return open_exchange(
        fiats=("VND",), assets=("USDT",), ads=240, admit="browsers", time_lapse=LAPSE
    )


def test_a_plain_client_is_not_let_in(guarded, census):
    crawl = census(guarded, TIME_LAPSE=SOON_LOST)
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert crawl.manifest["errors"].keys() == {"blocked"}
    assert "http_200" not in crawl.manifest["requests"]


def test_auto_changes_over_at_the_second_challenge_and_says_so(chromium, guarded, census):  # noqa: ARG001
    crawl = census(guarded, TRANSPORT="auto", TIME_LAPSE=LAPSE)
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert crawl.is_accounted_for()
    asked = crawl.manifest["requests"]
    assert (asked["http_403"], asked["by_browser"]) == (2, asked["http_200"])
    assert crawl.manifest["errors"] == {"blocked": 2}
    assert crawl.manifest["alerts"] == list(crawl.alerts) == ["browser_road"]
    assert "goes on by the browser" in crawl.alerts["browser_road"]["error"]
    assert "HTTP 403" in crawl.alerts["browser_road"]["error"]
    assert "Lane direct goes on by the browser" in crawl.log
    # The pause of the first challenge was kept, that of the second was the API's.
    paused = re.findall(r"Lane direct pauses for (\d+) s", crawl.log)
    assert paused == ["60", "120"]


def test_auto_stays_with_an_api_that_answers(open_exchange, census):
    exchange = open_exchange(markets=4, ads=100)
    crawl = census(exchange, TRANSPORT="auto")
    assert (crawl.code, crawl.alerts) == (0, {})
    assert "by_browser" not in crawl.manifest["requests"]
    assert exchange.requests()["pages"] == 0
    assert "Launching browser" not in crawl.log


def test_auto_bears_a_single_challenge(open_exchange, census):
    exchange = open_exchange(
        fiats=("VND",), assets=("USDT",), ads=240, faults=("html403=0.1",), time_lapse=LAPSE
    )
    crawl = census(exchange, TRANSPORT="auto", TIME_LAPSE=LAPSE)
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert crawl.manifest["errors"].keys() == {"blocked"}


def test_auto_without_chromium_says_that_it_would_need_it(guarded, census, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    crawl = census(guarded, TRANSPORT="auto", TIME_LAPSE=SOON_LOST)
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert "no_browser" in crawl.alerts
    assert crawl.alerts["no_browser"]["error"] == (
        "the API answers with challenges, and no browser is there to go on: "
        "there is no Chromium on this machine; apt-get install chromium on Debian"
    )
    assert "by_browser" not in crawl.manifest["requests"]


@pytest.fixture
def broken_chromium(tmp_path, monkeypatch):
    """Is on the PATH and ends at once."""
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho no screen >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


@pytest.mark.usefixtures("broken_chromium")
def test_a_chromium_that_does_not_start_ends_the_batch_in_a_line(guarded, census):
    crawl = census(guarded, TRANSPORT="browser", TIME_LAPSE=LAPSE)
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert "Chromium does not start: no screen; " in crawl.manifest["stopped"]
    assert crawl.manifest["errors"] == {"page_lost": 1}
    assert crawl.is_accounted_for()


@pytest.mark.usefixtures("broken_chromium")
def test_auto_goes_on_by_the_api_where_chromium_does_not_start(guarded, census):
    crawl = census(guarded, TRANSPORT="auto", TIME_LAPSE=SOON_LOST)
    assert crawl.code == 1
    assert "Chromium does not start" in crawl.alerts["no_browser"]["error"]
    assert "three probes failed" in crawl.manifest["stopped"]
    assert crawl.manifest["requests"]["by_browser"] == 1


@pytest.fixture(scope="module")
def pair(chromium, open_exchange):  # noqa: ARG001
    return open_exchange(fiats=("VND",), assets=("USDT",), ads=240, time_lapse=LAPSE)


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("error503", "server_error", "HTTP 503"),
        ("close", "connection", "Chromium: net::ERR_EMPTY_RESPONSE"),
        ("cut", "connection", "the answer was cut short"),
        ("timeout", "timeout", "took longer than 0.8 seconds"),
    ],
)
def test_a_trouble_is_the_one_that_the_api_would_have(census, pair, fault, kind, said):
    pair.adjust(faults=[f"{fault}=1@VND/USDT/SELL"])
    given = {"TIMEOUT_SECONDS": 0.8} if fault == "timeout" else {}
    crawl = census(pair, TRANSPORT="browser", RETRIES=0, TIME_LAPSE=LAPSE, **given)
    assert crawl.manifest["errors"] == {kind: 1}
    assert said in crawl.ledger["VND", "USDT", "SELL"]["error"]
    assert crawl.verdicts["VND", "USDT", "BUY"] == "complete"
    assert crawl.is_accounted_for()


def test_a_country_that_is_refused_stops_the_batch(census, pair):
    pair.adjust(faults=["country451=1"])
    crawl = census(pair, TRANSPORT="browser", TIME_LAPSE=LAPSE)
    assert list(crawl.alerts) == ["country_refused"]
    assert "HTTP 451" in crawl.manifest["stopped"]


def test_an_exchange_that_is_down_is_a_connection_that_fails(census, pair):
    class Nowhere:
        url = pair.url.rpartition(":")[0] + ":1024"

    crawl = census(Nowhere, TRANSPORT="browser", RETRIES=0, TIME_LAPSE=LAPSE)
    assert crawl.manifest["errors"] == {"connection": 1}
    assert "ERR_CONNECTION_REFUSED" in crawl.log


def test_each_lane_asks_through_its_own_proxy_from_a_page_of_its_own(
    chromium,  # noqa: ARG001
    open_exchange,
    census,
):
    exchange = open_exchange(markets=16, ads=300, admit="browsers", time_lapse=60)
    with forward_proxy("127.0.0.2", account="anna:s%40fe") as proxy:
        given = {"PROXIES": proxy.url, "REQUESTS_PER_MINUTE": 20, "TIME_LAPSE": 60}
        crawl = census(exchange, TRANSPORT="browser", **given)
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert crawl.is_accounted_for()
    assert exchange.requests()["busiest_minute_by_client"].keys() == {"127.0.0.1", "127.0.0.2"}
    assert exchange.requests()["pages"] == 2
    assert {row["lane"] for row in crawl.ledger.values()} == {"direct", proxy.name}
    assert "s@fe" not in crawl.log


@pytest.mark.parametrize("given", ["anna:wrong@", ""])
def test_a_proxy_that_does_not_accept_its_account_is_lost(census, pair, given):
    pair.adjust(faults=[])
    with forward_proxy("127.0.0.2", account="anna:right") as proxy:
        url = f"http://{given}{proxy.name}"
        crawl = census(pair, TRANSPORT="browser", PROXIES=url, TIME_LAPSE=LAPSE)
    assert crawl.manifest["errors"].keys() == {"proxy_refused"}
    assert crawl.manifest["status"] == "completed"


def test_a_429_is_seen_with_the_wait_that_it_names(chromium, open_exchange, census):  # noqa: ARG001
    exchange = open_exchange(
        fiats=("VND",), assets=("USDT",), ads=240, time_lapse=LAPSE,
        limit=6, retry_after="seconds", retry_after_seconds=90,
    )  # fmt: skip
    crawl = census(exchange, TRANSPORT="browser", TIME_LAPSE=LAPSE)
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    refused = exchange.requests()["by_status"]["429"]
    assert crawl.manifest["errors"] == {"rate_limited": refused}
    assert "Lane direct pauses for 90 s" in crawl.log
    assert exchange.requests()["pages"] == 1  # it was no challenge


@pytest.mark.parametrize(
    ("fault", "status"), [("html403", 403), ("captcha405", 405), ("redirect307", 302)]
)
def test_a_challenge_opens_the_page_anew(census, pair, fault, status):
    pair.adjust(faults=[f"{fault}=0.1"])
    before = pair.requests()["pages"]
    crawl = census(pair, TRANSPORT="browser", TIME_LAPSE=LAPSE)
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert crawl.manifest["errors"] == {"blocked": crawl.manifest["requests"][f"http_{status}"]}
    assert crawl.log.count("Chromium has opened") == pair.requests()["pages"] - before > 1
