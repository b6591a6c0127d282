"""Which markets are read: the catalogue, unlisted currencies, samples, bands, empty books."""

import json
from collections import Counter

import pytest

PORTAL = "/bapi/c2c/v2/friendly/c2c/portal/config"
SEARCH = "/bapi/c2c/v2/friendly/c2c/adv/search"


@pytest.fixture(scope="module")
def exchange(open_exchange):
    return open_exchange(fiats=("VND", "UAH"), assets=("USDT",), ads=240)


@pytest.fixture(scope="module")
def books(exchange):
    return {(m["fiat"], m["asset"], m["side"]): m for m in exchange.book()["markets"]}


@pytest.fixture(scope="module")
def first(exchange, census):
    """A batch of all four markets; what follows it in its folder knows what it left."""
    crawl = census(exchange)
    assert crawl.is_accounted_for()
    assert crawl.code == 0
    return crawl


def empty(row):
    return (row["verdict"], row["rows"], row["total_last"]) == ("complete", 0, 0)


def test_the_catalogue_is_kept_for_a_day(first, exchange, census):
    kept = json.loads((first.folder / "catalogue.json").read_text("utf-8"))
    assert kept["fiats"] == ["VND", "UAH"]
    assert kept["listings"]["UAH"]["assets"] == {"BUY": ["USDT"], "SELL": ["USDT"]}
    before = exchange.requests()["discovery"]
    second = census(exchange, first.folder)
    assert second.code == 0
    assert exchange.requests()["discovery"] == before
    assert second.verdicts == first.verdicts
    third = census(exchange, first.folder, CATALOGUE_HOURS=0)
    assert third.code == 0
    assert exchange.requests()["discovery"] == before + 3


def test_a_batch_follows_the_sizes_of_the_one_before(first, exchange, census):
    crawl = census(exchange, first.folder)
    assert crawl.code == 0
    begun = sorted(crawl.ledger.values(), key=lambda row: row["started_at"])
    sizes = Counter()
    for (fiat, _, _), row in crawl.ledger.items():
        sizes[fiat] += row["total_last"]
    assert [row["fiat"] for row in begun][::2] == [fiat for fiat, _ in sizes.most_common()]


def test_a_currency_that_is_not_listed_is_asked_for_all_the_same(first, exchange, census):
    crawl = census(exchange, first.folder, fiats="EUR,UAH")
    assert crawl.is_accounted_for()
    assert "The exchange does not list EUR; it is asked for USDT" in crawl.log
    assert {market for market, row in crawl.ledger.items() if empty(row)} == {
        *(("EUR", "USDT", "BUY"), ("EUR", "USDT", "SELL")),
    }
    assert {fiat for fiat, _, _ in crawl.ledger} == {"EUR", "UAH"}
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")


def test_a_batch_of_no_listed_currency_and_without_an_ad_has_failed(first, exchange, census):
    crawl = census(exchange, first.folder, fiats="EUR,VSE")
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert list(crawl.alerts) == ["empty_batch"]


def test_ads_of_a_currency_that_is_not_listed_are_kept(open_exchange, census, tmp_path):
    adv = {"advNo": "13908303176808550400", "tradeType": "SELL", "asset": "USDT"}
    adv |= {"fiatUnit": "NGN", "price": "1650.5", "surplusAmount": "12"}
    page = {"code": "000000", "data": [{"adv": adv, "advertiser": {"userNo": "s1"}}], "total": 1}
    portal = {"code": "000000", "data": {"areas": [{"area": "P2P", "tradeSides": []}]}}
    asked = {"fiat": "NGN", "asset": "USDT", "tradeType": "BUY", "page": 1, "payTypes": []}
    lines = [
        json.dumps(
            {
                "recorded_at": "2026-01-01T00:00:00Z",
                "request": {"method": "POST", "path": path, "body": body},
                "response": {"status": 200, "body": {**answer, "success": True}},
            }
        )
        for path, body, answer in ((PORTAL, {"fiat": "NGN"}, portal), (SEARCH, asked, page))
    ]
    (tmp_path / "made_up.jsonl").write_text("\n".join(lines))
    crawl = census(open_exchange(replay=tmp_path), fiats="NGN")
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    (ad,) = crawl.ads
    assert (ad["fiat"], ad["price"], ad["surplus_amount"], ad["rank"]) == ("NGN", 1650.5, 12.0, 1)
    assert ad["advertiser_name"] is None
    assert crawl.manifest["changes"]["missing advertiser.nickName"] == 1


def test_an_exchange_without_an_ad_is_a_failed_batch(open_exchange, census):
    crawl = census(open_exchange(markets=4, ads=0))
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert all(empty(row) for row in crawl.ledger.values())
    assert list(crawl.alerts) == ["empty_batch"]
    assert crawl.checkpoint["consecutive_failures"] == 1
    assert crawl.checkpoint["last_completed_snapshot"] is None


def test_a_book_that_was_there_and_is_empty_now_is_an_alarm(first, books, open_exchange, census):
    emptied = open_exchange(fiats=("VND", "UAH"), assets=("USDT",), ads=2)
    gone = {
        f"{m['asset']}/{m['fiat']} {m['side']}"
        for m in emptied.book()["markets"]
        if not m["natural"]
    }
    assert 0 < len(gone) < len(books)
    assert all(len(book["natural"]) >= 20 for book in books.values())
    crawl = census(emptied, first.folder)
    assert crawl.is_accounted_for()
    assert list(crawl.alerts) == ["empty_market"]
    said = crawl.alerts["empty_market"]["error"].partition(": ")[2]
    assert set(said.split(", ")) == gone


def test_prices_outside_a_band_are_refused(exchange, books, census):
    prices = [float(ad.price) for ad in exchange.world.books["UAH", "USDT", "BUY"].natural]
    low, high = sorted(prices)[10], sorted(prices)[-10]
    assert low < high
    crawl = census(exchange, fiats="UAH", sides="BUY", PRICE_BANDS=f"USDT/UAH={low}:{high}")
    assert crawl.is_accounted_for()
    inside = [price for price in prices if low <= price <= high]
    assert sorted(ad["price"] for ad in crawl.ads if ad["rank"]) == sorted(inside)
    reasons = Counter(each["reason"] for each in crawl.rejected)
    assert reasons.keys() == {"outside_price_band"}
    outside = {float(each["entry"]["adv"]["price"]) for each in crawl.rejected}
    assert all(not low <= price <= high for price in outside)
    assert crawl.verdicts == {("UAH", "USDT", "BUY"): "complete"}
    assert len(crawl.ads) + len(crawl.rejected) == len(
        {*books["UAH", "USDT", "BUY"]["natural"], *books["UAH", "USDT", "BUY"]["promoted"]}
    )


def test_two_pages_of_each_market_are_a_sample(exchange, books, census):
    before = exchange.requests()["search"]
    crawl = census(exchange, max_pages=2)
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"], crawl.manifest["sample"]) == (
        *(0, "completed", True),
    )
    for market, book in books.items():
        ranked = [ad["adv_no"] for ad in crawl.ads_of[market] if ad["rank"]]
        assert ranked == book["natural"][:40]
        assert crawl.ledger[market]["total_last"] == len(book["natural"])
    assert exchange.requests()["search"] - before == sum(
        min(2, -(-len(book["natural"]) // 20)) for book in books.values()
    )
    assert not (crawl.folder / "raw").exists()
    assert not (crawl.folder / "checkpoint.json").exists()


def test_merchants_alone_are_a_sample(exchange, census):
    crawl = census(exchange, publisher_type="merchant", fiats="UAH")
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["sample"]) == (0, True)
    assert {ad["advertiser_type"] for ad in crawl.ads} == {"merchant"}
    for (fiat, asset, side), row in crawl.ledger.items():
        book = exchange.world.books[fiat, asset, side]
        merchants = [ad.number for ad in book.natural if ad.advertiser.is_merchant]
        assert 0 < len(merchants) < len(book.natural)
        ads = crawl.ads_of[fiat, asset, side]
        assert [ad["adv_no"] for ad in ads if ad["rank"]] == merchants
        assert row["total_first"] == len(merchants)
    assert not (crawl.folder / "raw").exists()


def test_responses_are_not_kept_unless_that_is_asked_for(first):
    assert not (first.folder / "raw/responses").exists()
    assert not (first.folder / "rejected").exists()  # nothing was refused either
