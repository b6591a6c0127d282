"""What was read of what there was."""

from p2p_scrapy.warehouse.quality import Thresholds

LENIENT = Thresholds(completeness=0.5, price_anomaly=0.2, volume_drop=0.5)


def test_complete(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1")], completeness=0.995))["completeness"]
    assert (found.value, found.threshold, found.passed) == (0.995, 0.995, True)
    assert found.details == {"short": [], "unread": []}


def test_incomplete_names_short_and_unread_markets_the_shortest_first(
    make_batch, at, ad, sweep, checks
):
    batch = make_batch(
        at(0),
        [ad("1"), ad("2"), ad("3", "USDT/VES BUY"), ad("4", "BTC/VES BUY")],
        [
            sweep("USDT/VES SELL", "partial", total_first=3),
            sweep("USDT/VES BUY", "partial", total_first=40),
            sweep("BTC/VES SELL", "failed"),
        ],
        completeness=0.6,
        unread=["USDT/BOB SELL"],
    )
    found = checks(batch)["completeness"]
    assert (found.value, found.passed) == (0.6, False)
    assert found.details == {
        "short": [
            {"market": "USDT/VES BUY", "read": 1, "reported": 40},
            {"market": "USDT/VES SELL", "read": 2, "reported": 3},
        ],
        "unread": ["USDT/BOB SELL"],
    }


def test_unknown_completeness_does_not_pass(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1")], completeness=None))["completeness"]
    assert (found.value, found.passed) == (None, False)


def test_the_least_completeness_is_a_setting(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1")], completeness=0.6), LENIENT)["completeness"]
    assert (found.value, found.threshold, found.passed) == (0.6, 0.5, True)


def test_all_planned_markets_read(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1"), ad("2", "BTC/VES BUY")]))["planned_markets"]
    assert (found.value, found.threshold, found.passed) == (1.0, 0.995, True)
    assert found.details == {
        "planned": 2,
        "complete": 2,
        "shortfalls": [],
        "unread": [],
        "unknown_fiats": [],
    }


def test_planned_markets_not_read_are_named_with_the_reason(make_batch, at, ad, sweep, checks):
    batch = make_batch(
        at(0),
        [ad("1"), ad("2", "BTC/VES BUY")],
        [sweep("BTC/VES BUY", "partial"), sweep("BTC/VES SELL", "failed", error="HTTP 400")],
        planned=4,
        unread=["USDT/BOB SELL"],
    )
    found = checks(batch)["planned_markets"]
    assert (found.value, found.passed) == (0.25, False)
    assert found.details == {
        "planned": 4,
        "complete": 1,
        "shortfalls": [
            {"market": "BTC/VES BUY", "verdict": "partial", "error": "timeout"},
            {"market": "BTC/VES SELL", "verdict": "failed", "error": "HTTP 400"},
        ],
        "unread": ["USDT/BOB SELL"],
        "unknown_fiats": [],
    }


def test_a_currency_whose_markets_are_unknown_fails_the_plan(make_batch, at, ad, checks):
    batch = make_batch(at(0), [ad("1")], unknown_fiats=["VED"])
    found = checks(batch)["planned_markets"]
    assert (found.value, found.passed) == (1.0, False)
    assert found.details["unknown_fiats"] == ["VED"]


def test_covered(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1")], coverage=0.997))["coverage"]
    assert (found.value, found.threshold, found.passed) == (0.997, 0.995, True)
    assert found.details == {}


def test_not_covered(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1")], coverage=0.4))["coverage"]
    assert (found.value, found.passed, found.details) == (0.4, False, {})


def test_unknown_coverage_passes_and_says_so(make_batch, at, ad, checks):
    found = checks(make_batch(at(0), [ad("1")], coverage=None))["coverage"]
    assert (found.value, found.passed, found.details) == (None, True, {"unknown": True})


def test_a_batch_asked_for_less_is_not_blamed_for_the_rest(make_batch, at, ad, checks):
    scope = {"fiats": ["VES"], "assets": [], "sides": []}
    found = checks(make_batch(at(0), [ad("1")], coverage=0.1, scope=scope))["coverage"]
    assert (found.value, found.passed) == (0.1, True)
    assert found.details == {"narrowed_to": {"fiats": ["VES"]}}
