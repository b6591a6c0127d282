"""Ads far from what is usual in their market."""

import pytest

from p2p_scrapy.warehouse.quality import Thresholds

STRICT = Thresholds(completeness=0.995, price_anomaly=0.05, volume_drop=0.5)


@pytest.fixture
def day(make_batch, at, ad, load):
    """Load a batch every ten minutes, each with one ad of the price; None is an empty book."""

    def run(*prices, market="USDT/VES SELL"):
        for number, price in enumerate(prices):
            ads = [] if price is None else [ad("old", market, price=price)]
            load(make_batch(at(10 * number), [*ads, ad("other", "USDT/PEN BUY")], sweeps=[SWEEP]))
        return at(10 * len(prices))

    return run


SWEEP = {"asset": "USDT", "fiat": "VES", "side": "SELL", "verdict": "complete"}


def test_ads_of_a_market_without_history_are_no_anomalies(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1", price=100.0), ad("2", price=900.0)]))
    assert found["price_anomalies"].value == 0
    assert found["price_anomalies"].details == {"ads": []}


def test_more_than_the_threshold_from_the_usual_price_either_way(make_batch, ad, checks, day):
    now = day(100.0)
    ads = [
        ad("at", price=120.0),
        ad("above", price=120.01),
        ad("below", price=79.0),
        ad("promoted", price=300.0, rank=None),
    ]
    found = checks(make_batch(now, ads))["price_anomalies"]
    assert (found.value, found.threshold, found.passed) == (3, 10, True)
    assert found.details["ads"] == [
        {"adv_no": "promoted", "market": "USDT/VES SELL", "price": 300.0, "reference": 100.0},
        {"adv_no": "below", "market": "USDT/VES SELL", "price": 79.0, "reference": 100.0},
        {"adv_no": "above", "market": "USDT/VES SELL", "price": 120.01, "reference": 100.0},
    ]


def test_the_threshold_is_a_setting(make_batch, ad, checks, day):
    found = checks(make_batch(day(100.0), [ad("1", price=106.0)]), STRICT)
    assert found["price_anomalies"].value == 1


@pytest.mark.parametrize(("anomalies", "passed"), [(9, True), (10, False)])
def test_ten_are_too_many(anomalies, passed, make_batch, ad, checks, day):
    now = day(100.0)
    ads = [ad(str(number), price=150.0) for number in range(anomalies)]
    found = checks(make_batch(now, ads))["price_anomalies"]
    assert (found.value, found.passed) == (anomalies, passed)


def test_fifty_are_named_and_all_are_counted(make_batch, ad, checks, day):
    now = day(100.0)
    ads = [ad(str(number), price=150.0 + number) for number in range(60)]
    found = checks(make_batch(now, ads))["price_anomalies"]
    assert found.value == 60
    assert [each["adv_no"] for each in found.details["ads"]] == [str(n) for n in range(59, 9, -1)]


@pytest.mark.parametrize(
    ("prices", "reference"),
    [
        ((100.0, 110.0, 400.0), 110.0),
        ((100.0, 110.0), 105.0),
        ((500.0, 100.0, 101.0, 102.0, 103.0, 104.0, 105.0, 106.0), 103.0),
        ((100.0, None, 110.0, None), 105.0),
    ],
    ids=["their median", "of two", "the last seven", "empty books left out"],
)
def test_usual_is_the_median_of_the_last_sweeps(prices, reference, make_batch, ad, checks, day):
    found = checks(make_batch(day(*prices), [ad("1", price=1000.0)]))["price_anomalies"]
    assert [each["reference"] for each in found.details["ads"]] == [reference]


def test_seven_empty_books_are_no_history(make_batch, ad, checks, day):
    found = checks(make_batch(day(100.0, *[None] * 7), [ad("1", price=1000.0)]))
    assert found["price_anomalies"].value == 0


def test_failed_sweeps_are_no_history_and_a_partial_one_is_measured(
    make_batch, at, ad, sweep, checks, day
):
    now = day(100.0)
    for minutes in range(10, 90, 10):
        checks(make_batch(at(minutes), [], [sweep(verdict="failed")]))
    now = at(90)
    found = checks(make_batch(now, [ad("1", price=1000.0)], [sweep(verdict="partial")]))
    assert found["price_anomalies"].value == 1


def test_a_market_is_measured_by_its_own_prices(make_batch, ad, checks, day):
    found = checks(make_batch(day(100.0), [ad("1", "USDT/VES BUY", price=1000.0)]))
    assert found["price_anomalies"].value == 0
