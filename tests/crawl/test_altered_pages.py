"""Pages whose content is wrong: nothing crashes, nothing vanishes, and no sweep proves too much.

Every response is kept (P2P_KEEP_RAW), so that the tests see what the spider saw.
"""

import json
from collections import Counter
from types import SimpleNamespace

import pytest

FLIPPED = {"BUY": "SELL", "SELL": "BUY"}


@pytest.fixture(scope="module")
def take(census, open_exchange):
    """A census of four books of 33 to 95 ads under faults; one set of faults is taken once."""
    exchange = open_exchange(fiats=("VND", "UAH"), assets=("USDT",), ads=240)
    taken = {}

    def census_under(*faults):
        if faults not in taken:
            exchange.adjust(faults=list(faults))
            crawl = census(exchange, KEEP_RAW="true")
            truth = {(m["fiat"], m["asset"], m["side"]): m for m in exchange.book()["markets"]}
            taken[faults] = SimpleNamespace(crawl=crawl, truth=truth, pages=pages_of(crawl))
            assert crawl.is_accounted_for()
        return taken[faults]

    return census_under


def pages_of(crawl):
    """The entries of every page that came, by market and page."""
    pages = {}
    for each in crawl.pages:
        pair, side = each["market"].split()
        asset, fiat = pair.split("/")
        pages[(fiat, asset, side), each["page"]] = json.loads(each["body"])["data"]
    return pages


def entries_of(pages):
    return [(market, entry) for (market, _), entries in pages.items() for entry in entries]


def texts(entries):
    return Counter(json.dumps(entry, sort_keys=True) for entry in entries)


def refused(crawl, reason):
    return texts(each["entry"] for each in crawl.rejected if each["reason"] == reason)


def is_completed(crawl):
    return (crawl.code, crawl.manifest["status"]) == (0, "completed")


def is_partial(crawl):
    return (crawl.code, crawl.manifest["status"]) == (3, "partial")


def holds_the_truth(crawl, truth):
    """Every book is there, in order, with nothing beside it."""
    for market, book in truth.items():
        ranked = [ad["adv_no"] for ad in crawl.ads_of[market] if ad["rank"]]
        assert ranked == book["natural"]
        rankless = {ad["adv_no"] for ad in crawl.ads_of[market] if not ad["rank"]}
        assert rankless == set(book["promoted"]) - set(book["natural"])
    return True


def changes(crawl, kind):
    return {k.split(" ")[1]: n for k, n in crawl.manifest["changes"].items() if k.startswith(kind)}


def told_of(crawl):
    """What the one alert names."""
    (alert,) = crawl.alerts.items()
    assert alert[0] == "answers_changed"
    return set(alert[1]["error"].split("; "))


def test_without_a_fault_this_world_is_read_whole(take):
    seen = take()
    assert is_completed(seen.crawl)
    assert holds_the_truth(seen.crawl, seen.truth)


def test_missing_keys_are_nulls_and_counted(take):
    seen = take("missing-keys=1")
    assert is_completed(seen.crawl)
    assert holds_the_truth(seen.crawl, seen.truth)
    paths = ("adv.tradableQuantity", "adv.payTimeLimit", "adv.dynamicMaxSingleTransAmount")
    paths += ("advertiser.positiveRate", "advertiser.userGrade")
    assert changes(seen.crawl, "missing") == dict.fromkeys(paths, len(entries_of(seen.pages)))
    for name in ("tradable_quantity", "pay_time_limit_minutes", "dynamic_max_amount"):
        assert {ad[name] for ad in seen.crawl.ads} == {None}
    assert {(ad["positive_rate"], ad["user_grade"]) for ad in seen.crawl.ads} == {(None, None)}
    assert told_of(seen.crawl) == {f"{path} is missing" for path in paths}


def test_renamed_keys_refuse_every_ad_and_keep_it_whole(take):
    seen = take("renamed-keys=1")
    crawl = seen.crawl
    assert crawl.ads == []
    assert crawl.manifest["refused"].keys() == {"no_surplus"}
    natural = {number for book in seen.truth.values() for number in book["natural"]}
    whole = refused(crawl, "no_surplus")
    assert whole <= texts(entry for _, entry in entries_of(seen.pages))
    assert natural <= {json.loads(text)["adv"]["advNo"] for text in whole}
    assert all("remainAmount" in json.loads(text)["adv"] for text in whole)
    assert crawl.alerts.keys() == {"answers_changed", "refused_ads", "empty_batch"}
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")  # seen, but nothing was kept
    assert set(crawl.verdicts.values()) == {"complete"}
    assert {"adv.remainAmount", "advertiser.recentOrderCount"} == changes(crawl, "unknown").keys()
    assert {"adv.surplusAmount", "advertiser.monthOrderCount"} == changes(crawl, "missing").keys()


def test_changed_types_cost_their_value_only(take):
    seen = take("changed-types=1")
    assert is_completed(seen.crawl)
    assert holds_the_truth(seen.crawl, seen.truth)
    prices = {e["adv"]["advNo"]: e["adv"]["price"] for _, e in entries_of(seen.pages)}
    assert all(type(price) in (float, int) for price in prices.values())
    assert {ad["adv_no"]: ad["price"] for ad in seen.crawl.ads} == prices
    for name in ("pay_time_limit_minutes", "month_order_count", "badges"):
        assert {ad[name] for ad in seen.crawl.ads} == {None}
    paths = ("adv.payTimeLimit", "advertiser.monthOrderCount", "advertiser.badges")
    assert changes(seen.crawl, "type") == dict.fromkeys(paths, len(entries_of(seen.pages)))
    assert told_of(seen.crawl) == {f"{path} has another type" for path in paths}


def test_the_alert_names_every_change_of_the_batch_wherever_it_is_met(take):
    seen = take("missing-keys=1@VND", "changed-types=1@UAH")
    told = told_of(seen.crawl)
    assert {"adv.payTimeLimit is missing", "adv.payTimeLimit has another type"} <= told
    assert len(told) == len(changes(seen.crawl, "missing")) + len(changes(seen.crawl, "type"))


def test_unknown_keys_are_logged_and_raise_no_alert(take):
    seen = take("unknown-keys=1")
    assert is_completed(seen.crawl)
    assert holds_the_truth(seen.crawl, seen.truth)
    paths = {"adv.escrowProgram", "advertiser.reputationScore", "boosted"}
    assert changes(seen.crawl, "unknown").keys() == paths
    for path in paths:
        line = f"The exchange's answers have changed: {path} is a key that no recording has"
        assert seen.crawl.log.count(line) == 1
    assert seen.crawl.alerts == {}


def test_an_ad_of_the_other_side_is_quarantined(take):
    seen = take("wrong-side=1")
    wrong = texts(e for m, e in entries_of(seen.pages) if e["adv"]["tradeType"] != m[2])
    assert wrong.total() == len(seen.pages)  # one a page
    assert refused(seen.crawl, "wrong_side") == wrong
    assert seen.crawl.manifest["refused"] == {"wrong_side": wrong.total()}
    for side in ("buy", "sell"):
        assert {ad["trade_type"] for ad in seen.crawl.side(side)} == {side.upper()}
    for each in seen.crawl.rejected:  # filed under the market that was asked for
        assert each["entry"]["adv"]["tradeType"] == FLIPPED[each["side"]]


def test_an_ad_of_another_currency_is_quarantined(take):
    seen = take("wrong-fiat=1")
    assert is_partial(seen.crawl)  # more ads came than were reported: no proof
    wrong = texts(e for m, e in entries_of(seen.pages) if e["adv"]["fiatUnit"] != m[0])
    assert wrong.total() == len(seen.pages)
    assert refused(seen.crawl, "wrong_fiat") == wrong
    numbers = {ad["adv_no"] for ad in seen.crawl.ads}
    natural = {number for book in seen.truth.values() for number in book["natural"]}
    assert natural <= numbers
    assert {(ad["fiat"], ad["asset"]) for ad in seen.crawl.ads} == {
        *(("VND", "USDT"), ("UAH", "USDT")),
    }


def test_an_ad_of_another_currency_takes_no_rank(take):
    seen = take("wrong-fiat=1")
    assert holds_the_truth(seen.crawl, seen.truth)
    for market, book in seen.truth.items():
        ranks = [ad["rank"] for ad in seen.crawl.ads_of[market] if ad["rank"]]
        assert ranks == list(range(1, len(book["natural"]) + 1))


def test_bad_ads_are_refused_each_for_its_reason(take):
    seen = take("bad-ads=1")
    crawl = seen.crawl
    assert is_completed(crawl)  # seen is seen: every ad of the total came
    expected = {
        reason: texts(entry for _, entry in entries_of(seen.pages) if is_bad(entry))
        for reason, is_bad in BAD.items()
    }
    assert {reason: whole.total() for reason, whole in expected.items()} == (
        crawl.manifest["refused"]
    )
    for reason, whole in expected.items():
        assert refused(crawl, reason) == whole
    bad = sum(expected.values(), Counter())
    good = texts(entry for _, entry in entries_of(seen.pages)) - bad
    assert {ad["adv_no"] for ad in crawl.ads} <= {json.loads(g)["adv"]["advNo"] for g in good}
    for market, book in seen.truth.items():  # the others keep their places
        places = {number: rank for rank, number in enumerate(book["natural"], start=1)}
        for ad in crawl.ads_of[market]:
            assert ad["rank"] in (None, places.get(ad["adv_no"]))


BAD = {
    "unparsable": lambda entry: not isinstance(entry, dict),
    "empty_adv_no": lambda entry: isinstance(entry, dict) and not entry["adv"]["advNo"],
    "no_price": lambda entry: isinstance(entry, dict) and entry["adv"]["price"] == "0",
    "no_surplus": lambda entry: isinstance(entry, dict) and entry["adv"]["surplusAmount"] == "0",
    "min_above_max": lambda entry: (
        isinstance(entry, dict)
        and float(entry["adv"]["minSingleTransAmount"])
        > float(entry["adv"]["maxSingleTransAmount"])
    ),
}


def test_rows_that_come_twice_are_kept_once_and_prove_nothing(take):
    seen = take("duplicate-rows=1")
    assert is_partial(seen.crawl)
    for market, row in seen.crawl.ledger.items():
        assert (row["verdict"], row["duplicates"]) == ("partial", row["pages"] - 1)
        assert f"{row['duplicates']} ads came twice" in row["error"]
        numbers = [ad["adv_no"] for ad in seen.crawl.ads_of[market]]
        assert len(numbers) == len(set(numbers))
        assert {*numbers} == {*seen.truth[market]["natural"], *seen.truth[market]["promoted"]}
    twice = sum(row["duplicates"] for row in seen.crawl.ledger.values())
    assert seen.crawl.log.count("came again") == twice
    assert max(map(len, seen.crawl.log.splitlines())) < 1_000  # an ad is 5,700 letters


def test_a_total_that_changes_is_no_proof(take):
    seen = take("changing-total=1")
    assert is_partial(seen.crawl)
    for row in seen.crawl.ledger.values():
        assert row["verdict"] == "partial"
        assert "the total changed while it was read" in row["error"]
        assert row["rereads"] in (1, 2)  # a second round, unless the first showed the same
    assert holds_the_truth(seen.crawl, seen.truth)


@pytest.mark.parametrize("fault", ["moving-ads=1", "moving-ads=0.2", "moving-ads=1@VND/USDT/SELL"])
def test_a_book_that_moves_is_never_called_complete_where_an_ad_is_missing(take, fault):
    seen = take(fault)
    for market, row in seen.crawl.ledger.items():
        numbers = {ad["adv_no"] for ad in seen.crawl.ads_of[market] if ad["rank"]}
        if row["verdict"] == "complete":
            assert numbers == set(seen.truth[market]["natural"]), market
        assert numbers <= set(seen.truth[market]["natural"])
        if row["verdict"] == "partial":
            assert row["rereads"] >= 1, row
    if fault == "moving-ads=1":
        assert is_partial(seen.crawl)
        assert seen.crawl.manifest["completeness"] < 1


def test_a_batch_without_faults_recovers(census, open_exchange, new_folder):
    exchange, folder = open_exchange(fiats=("UAH",), assets=("USDT",), ads=90), new_folder()
    exchange.adjust(faults=["duplicate-rows=1", "bad-ads=1"])
    first = census(exchange, folder)
    assert first.is_accounted_for()
    assert is_partial(first)
    exchange.adjust(faults=[])
    second = census(exchange, folder)
    assert second.is_accounted_for()
    assert is_completed(second)
    assert len(second.ads) == exchange.book()["unique_ads"]
    assert second.checkpoint["total_snapshots"] == 1
