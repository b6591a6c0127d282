"""Answers that are none: retried, paused for or given up by the table of the product page.

Both clocks run LAPSE times as fast, so that a pause of a minute is soon over; a pause is looked
at from the exchange's side, between the times of the requests that reached it.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest

LAPSE = 200
STRUCK = ("VND", "USDT", "SELL")
WELL = ("VND", "USDT", "BUY")
AT_STRUCK = "1@VND/USDT/SELL"


@pytest.fixture(scope="module")
def exchange(open_exchange):
    """One pair with a book of 149 asks, which trouble strikes, and one of 91 bids."""
    return open_exchange(fiats=("VND",), assets=("USDT",), ads=240, time_lapse=LAPSE)


@pytest.fixture(scope="module")
def four_books(open_exchange):
    return open_exchange(
        fiats=("VND", "UAH"), assets=("USDT",), ads=240, time_lapse=1000, latency=0.02
    )


@pytest.fixture
def take_under(census):
    """A census under faults, and the times at which its requests reached the exchange."""

    def take(exchange, *faults, **given):
        exchange.adjust(faults=list(faults))
        before = len(exchange.requests(with_times=True)["times"])
        lapse = exchange._exchange.options.time_lapse
        crawl = census(exchange, **{"TIME_LAPSE": lapse, **given})
        assert crawl.is_accounted_for()
        return crawl, exchange.requests(with_times=True)["times"][before:]

    return take


def whole_books(crawl, exchange, *markets):
    books = {(m["fiat"], m["asset"], m["side"]): m["natural"] for m in exchange.book()["markets"]}
    for market in markets or books:
        assert [ad["adv_no"] for ad in crawl.ads_of[market] if ad["rank"]] == books[market]
        assert crawl.verdicts[market] == "complete"
    return True


class Met(NamedTuple):
    """How a trouble is counted, the pauses before each further try, and what is said of it."""

    kind: str
    pauses: tuple[int, ...]
    said: str


@pytest.mark.parametrize(
    ("fault", "met"),
    [
        ("error500", Met("server_error", (60, 60, 60), "HTTP 500")),
        ("error502", Met("server_error", (60, 60, 60), "HTTP 502")),
        ("error503", Met("server_error", (60, 60, 60), "HTTP 503")),
        ("cut", Met("connection", (30, 60, 120), "")),
        ("close", Met("connection", (30, 60, 120), "")),
        ("timeout", Met("timeout", (5, 10, 20), "took longer than 0.4 seconds")),
        ("broken-json", Met("broken_json", (1,), "not whole JSON")),
        ("business-error", Met("business_error", (1,), "'100001', message 'system busy'")),
        ("null-data", Met("business_error", (1,), "success without data")),
        ("bad400", Met("api_changed", (), "HTTP 400")),
        ("missing404", Met("api_changed", (), "HTTP 404")),
    ],
)
def test_a_market_that_never_answers_is_given_up_and_the_other_is_whole(
    take_under, exchange, fault, met
):
    # A real timeout, which no lapse shortens; long for an answer from the same machine.
    given = {"TIMEOUT_SECONDS": 0.4} if fault == "timeout" else {}
    crawl, times = take_under(exchange, f"{fault}={AT_STRUCK}", **given)
    assert (crawl.code, crawl.manifest["status"]) == (3, "partial")
    assert whole_books(crawl, exchange, WELL)
    row = crawl.ledger[STRUCK]
    assert (row["verdict"], row["pages"], row["rows"]) == ("failed", 0, 0)
    assert row["total_first"] is None
    (shortfall,) = crawl.manifest["shortfalls"]
    assert (shortfall["market"], shortfall["verdict"]) == ("USDT/VND SELL", "failed")
    assert met.said in shortfall["error"]
    assert shortfall["error"] == row["error"]
    assert crawl.manifest["errors"] == {met.kind: 1 + len(met.pauses)}
    assert len(times) == 2 + crawl.ledger[WELL]["pages"] + 1 + len(met.pauses)
    assert crawl.manifest["requests"]["sent"] == len(times)
    # Page 1 of both sides left together, after the fiats and the assets; the retries come last.
    tries = [times[2], *times[len(times) - len(met.pauses) :]]
    assert all(b - a >= pause for (a, b), pause in zip(pairwise(tries), met.pauses, strict=True))
    assert list(crawl.alerts) == ([met.kind] if met.kind in ALARMING else [])


ALARMING = {"server_error", "connection", "timeout", "api_changed"}
"""The others want ten of a kind in a batch."""


def test_coverage_is_known_although_a_market_was_not_read(exchange, census):
    """Its ads are known from before, and are not fresh any more.

    The second crawl's lapse counts from a minute before, so that it runs hours after the first.
    """
    exchange.adjust(faults=[])
    first = census(exchange)
    assert first.manifest["coverage"] == 1.0
    exchange.adjust(faults=[f"missing404={AT_STRUCK}"])
    origin = datetime.now(UTC) - timedelta(minutes=1)
    second = census(exchange, first.folder, TIME_LAPSE=f"{LAPSE}@{origin.isoformat()}")
    assert second.verdicts == {STRUCK: "failed", WELL: "complete"}
    sizes = {market: row["total_last"] for market, row in first.ledger.items()}
    assert second.manifest["coverage"] == pytest.approx(sizes[WELL] / sum(sizes.values()))


@pytest.mark.parametrize("fault", ["cut", "close"])
def test_a_lost_connection_is_told_in_words(take_under, exchange, fault):
    crawl, _ = take_under(exchange, f"{fault}={AT_STRUCK}", RETRIES=0)
    error = crawl.ledger[STRUCK]["error"]
    assert crawl.manifest["errors"] == {"connection": 1}
    assert "Failure" not in error
    assert "closed" in error or "lost" in error or "cut" in error


def test_what_fails_now_and_then_is_read_whole_all_the_same(take_under, four_books):
    # With three retries a page in a thousand would be given up by chance.
    crawl, _ = take_under(four_books, "error503=0.15", "close=0.15", RETRIES=12)
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert whole_books(crawl, four_books)
    errors = crawl.manifest["errors"]
    assert errors.keys() == {"server_error", "connection"}
    pages = sum(row["pages"] for row in crawl.ledger.values())
    assert crawl.manifest["requests"]["sent"] == 3 + pages + sum(errors.values())


def test_ten_answers_without_data_raise_an_alert(take_under, open_exchange):
    exchange = open_exchange(fiats=("VND", "UAH", "COP"), assets=("USDT",), ads=60)
    crawl, _ = take_under(exchange, "null-data=1", TIME_LAPSE=1000)
    assert crawl.manifest["errors"] == {"business_error": 12}
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert list(crawl.alerts) == ["business_error"]


def test_a_slow_market_is_read_and_named(take_under, exchange):
    exchange.adjust(slow_seconds=0.6)  # two minutes of either clock
    crawl, _ = take_under(exchange, f"slow={AT_STRUCK}")
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert whole_books(crawl, exchange)
    assert "USDT/VND SELL" in crawl.manifest["slow"]


@pytest.mark.parametrize("fault", ["html403", "captcha405", "redirect307", "captcha", "teapot418"])
def test_a_refusal_pauses_the_lane_for_a_minute(take_under, exchange, fault):
    crawl, times = take_under(exchange, f"{fault}=0.1")
    refusals = crawl.manifest["errors"]["blocked"]
    assert crawl.manifest["errors"] == {"blocked": refusals}
    # A minute, but for what was on its way when the refusal came.
    assert max(b - a for a, b in pairwise(times)) >= 45
    assert "Lane direct pauses for 60 s" in crawl.log
    # To be told to wait is no failed try: the question is asked until it is answered.
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert whole_books(crawl, exchange)
    assert crawl.alerts == {}


def test_a_redirect_is_not_followed(take_under, exchange):
    crawl, _ = take_under(exchange, "redirect307=0.1")
    asked = crawl.manifest["requests"]
    assert asked["http_307"] == crawl.manifest["errors"]["blocked"]
    assert asked["sent"] == asked["http_200"] + asked["http_307"]


def test_an_address_that_is_refused_for_good_climbs_the_ladder_and_is_lost(
    take_under, four_books, census
):
    crawl, times = take_under(four_books, "html403=1", fiats="VND")
    asked = times[2:]  # after the fiats and the assets of VND
    # Both sides of the pair at a time, until ten answers in a row were refused; then one probe.
    rounds = [asked[at] for at in (0, 2, 4, 6, 8, 10, 11, 12)]
    assert len(asked) == 13
    pauses = (60, 120, 240, 480, 480, 480, 480)
    assert all(b - a >= pause for (a, b), pause in zip(pairwise(rounds), pauses, strict=True))
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert crawl.alerts.keys() == {"blocked", "circuit_open"}
    assert crawl.manifest["errors"] == {"blocked": 13}
    assert "three probes failed" in crawl.manifest["stopped"]
    assert set(crawl.verdicts.values()) == {"failed"}
    four_books.adjust(faults=[])
    # The pause of the lost lane still holds, by the clock of the time-lapse.
    after = census(four_books, crawl.folder, TIME_LAPSE=1000)
    assert (after.code, after.manifest["status"]) == (0, "completed")
    assert whole_books(after, four_books)


def test_a_refused_country_stops_the_batch_at_once(take_under, exchange):
    crawl, times = take_under(exchange, f"country451={AT_STRUCK}")
    assert (crawl.verdicts[STRUCK], crawl.manifest["errors"]) == ("failed", {"country_refused": 1})
    assert crawl.code in (1, 3)  # as page 1 of the other side came before it or not
    assert len(times) <= 2 + 2 + 4  # nothing is asked that was not on its way
    assert list(crawl.alerts) == ["country_refused"]
    assert "HTTP 451" in crawl.alerts["country_refused"]["error"]
    assert "HTTP 451" in crawl.manifest["stopped"]


def test_a_country_that_is_refused_everywhere_fails_the_batch(take_under, four_books):
    crawl, times = take_under(four_books, "country451=1")
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert len(times) <= 3 + 4
    assert {*crawl.verdicts.values()} <= {"failed"}
    assert len(crawl.verdicts) + len(crawl.manifest["unread"]) == 4
    assert crawl.checkpoint["consecutive_failures"] == 1


def test_discovery_that_is_down_with_nothing_kept_fails_in_a_line(take_under, four_books):
    crawl, times = take_under(four_books, "discovery-down=1")
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert len(times) == 4
    assert "does not say which fiats it trades" in crawl.manifest["stopped"]
    assert "HTTP 503" in crawl.manifest["stopped"]


def test_assets_that_cannot_be_had_with_nothing_kept_fail_in_a_line(take_under, four_books):
    crawl, _ = take_under(four_books, "discovery-down=1@VND", "discovery-down=1@UAH")
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    unknown = crawl.manifest["unknown_fiats"]
    assert sorted(unknown) == ["UAH", "VND"]
    said = f"does not tell the assets of {', '.join(unknown)}, and none are kept"
    assert said in crawl.manifest["stopped"]


def test_discovery_that_is_down_is_replaced_by_what_was_named(take_under, four_books):
    crawl, _ = take_under(four_books, "discovery-down=1", fiats="VND", assets="USDT")
    assert whole_books(crawl, four_books, WELL, STRUCK)
    assert crawl.manifest["catalogue"].startswith("kept: the list of fiats: ")
    assert crawl.manifest["unknown_fiats"] == ["VND"]


def test_a_fiat_whose_assets_are_not_known_is_named(take_under, four_books):
    crawl, _ = take_under(four_books, "discovery-down=1@VND")
    assert (crawl.code, crawl.manifest["status"]) == (3, "partial")
    assert crawl.manifest["unknown_fiats"] == ["VND"]
    assert whole_books(crawl, four_books, ("UAH", "USDT", "BUY"), ("UAH", "USDT", "SELL"))
    assert {fiat for fiat, _, _ in crawl.ledger} == {"UAH"}


@pytest.mark.parametrize(
    "fiats",
    [
        ("VND",),
        ("VND", "UAH", "COP", "BRL", "ARS", "PEN", "ZAR", "MXN", "HKD", "GBP", "KES", "AUD"),
    ],
    ids=["one fiat", "twelve fiats"],
)
def test_a_kept_catalogue_replaces_discovery_that_is_down(census, take_under, open_exchange, fiats):
    exchange = open_exchange(fiats=fiats, assets=("USDT",), ads=200, time_lapse=1000)
    first = census(exchange)
    assert first.code == 0
    crawl, _ = take_under(exchange, "discovery-down=1", folder=first.folder, CATALOGUE_HOURS=0)
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert whole_books(crawl, exchange)
    assert crawl.manifest["planned"] == 2 * len(fiats)
    kept = crawl.manifest["catalogue"]
    assert kept.startswith("kept: the list of fiats: ")
    assert "HTTP 503" in kept
    assert "The list of fiats is not told anew" in crawl.log
