"""What is on offer, against the last day's mean."""

import pytest

from p2p_scrapy.warehouse.quality import Thresholds

STRICT = Thresholds(completeness=0.995, price_anomaly=0.2, volume_drop=0.1)


@pytest.fixture
def book(make_batch, at, ad, sweep):
    """A batch of one ad a market, of the given volume; None is a failed sweep, 0 an empty book."""

    def build(minutes, volumes, verdict="complete"):
        ads = [
            ad(market, market, surplus_amount=float(volume))
            for market, volume in volumes.items()
            if volume
        ]
        sweeps = [
            sweep(market, "failed" if volume is None else verdict)
            for market, volume in volumes.items()
        ]
        return make_batch(at(minutes), ads, sweeps)

    return build


BOTH = ("USDT/VES SELL", "USDT/VES BUY")


def test_the_first_batch_has_nothing_to_be_measured_by(book, checks):
    found = checks(book(0, {"USDT/VES SELL": 100}))["volume_consistency"]
    assert (found.value, found.threshold, found.passed) == (None, 0.5, True)
    assert found.details == {"compared": 0, "dropped": []}


def test_mean_of_the_day_over_all_markets_of_the_asset(book, checks, load):
    load(book(0, dict(zip(BOTH, (100, 300), strict=True))))
    load(book(10, dict(zip(BOTH, (200, 300), strict=True))))
    found = checks(book(20, dict(zip(BOTH, (210, 30), strict=True))))["volume_consistency"]
    assert found.value == pytest.approx(1 - 240 / 450)
    assert found.passed
    assert found.details == {"compared": 1, "dropped": []}


def test_a_drop_by_the_threshold_fails_and_names_the_asset(book, checks, load, caplog):
    load(book(0, {"USDT/VES SELL": 100, "BTC/VES SELL": 8}))
    load(book(10, {"USDT/VES SELL": 300, "BTC/VES SELL": 8}))
    found = checks(book(20, {"USDT/VES SELL": 100, "BTC/VES SELL": 5}))["volume_consistency"]
    assert (found.value, found.passed) == (0.5, False)
    assert found.details == {
        "compared": 2,
        "dropped": [{"asset": "USDT", "volume": 100, "mean": 200, "markets": 1, "drop": 0.5}],
    }
    assert caplog.messages[-1].endswith(
        "the volume of USDT fell by 50% or more against the last day's mean"
    )


def test_the_threshold_is_a_setting(book, checks, load):
    load(book(0, {"USDT/VES SELL": 100}))
    assert not checks(book(10, {"USDT/VES SELL": 80}), STRICT)["volume_consistency"].passed


def test_more_than_before_is_a_drop_of_nothing(book, checks, load):
    load(book(0, {"USDT/VES SELL": 100}))
    assert checks(book(10, {"USDT/VES SELL": 800}))["volume_consistency"].value == 0


def test_an_empty_book_counts_as_nothing(book, checks, load):
    load(book(0, dict(zip(BOTH, (100, 300), strict=True))))
    found = checks(book(10, dict(zip(BOTH, (100, 0), strict=True))))["volume_consistency"]
    assert (found.value, found.passed) == (0.75, False)


@pytest.mark.parametrize("verdict", ["partial", "failed"])
def test_a_market_not_read_whole_now_is_left_out(verdict, book, checks, load):
    load(book(0, {"USDT/VES SELL": 100, "BTC/VES SELL": 8}))
    found = checks(book(10, {"USDT/VES SELL": 10}, verdict))["volume_consistency"]
    assert (found.value, found.passed) == (None, True)


def test_a_market_that_is_new_is_left_out(book, checks, load):
    load(book(0, {"USDT/VES SELL": 100}))
    found = checks(book(10, dict(zip(BOTH, (60, 1000), strict=True))))["volume_consistency"]
    assert found.value == pytest.approx(0.4)


def test_failed_sweeps_are_not_in_the_mean(book, checks, load):
    load(book(0, {"USDT/VES SELL": 100}))
    load(book(10, {"USDT/VES SELL": None}))
    assert checks(book(20, {"USDT/VES SELL": 75}))["volume_consistency"].value == 0.25


def test_only_the_last_day_counts(book, checks, load):
    load(book(0, {"USDT/VES SELL": 9000}))
    load(book(10, {"USDT/VES SELL": 100}))
    load(book(700, {"USDT/VES SELL": 300}))
    found = checks(book(24 * 60 + 10, {"USDT/VES SELL": 150}))["volume_consistency"]
    assert found.value == 0.25


def test_a_market_unread_for_a_day_has_no_history(book, checks, load):
    load(book(0, {"USDT/VES SELL": 9000}))
    assert checks(book(24 * 60 + 1, {"USDT/VES SELL": 1}))["volume_consistency"].value is None


def test_an_asset_that_was_not_there_all_day_cannot_drop(book, checks, load):
    load(book(0, {"USDT/VES SELL": 0}))
    assert checks(book(10, {"USDT/VES SELL": 0}))["volume_consistency"].value is None
