"""A whole census against the exchange's own count of its books."""

import json
from collections import Counter
from datetime import datetime
from hashlib import sha256

import pyarrow.parquet as pq
import pytest


@pytest.fixture(scope="module")
def exchange(open_exchange):
    """Twenty markets: two books of many pages, small ones, promoted ads in and beside the books."""
    return open_exchange(markets=20, ads=600)


@pytest.fixture(scope="module")
def crawl(census, exchange):
    return census(exchange, KEEP_RAW="true")


@pytest.fixture(scope="module")
def books(exchange):
    return {(m["fiat"], m["asset"], m["side"]): m for m in exchange.book()["markets"]}


def test_a_census_is_completed_and_accounted_for(crawl):
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    assert crawl.alerts == {}
    for empty in ("unread", "shortfalls", "slow", "refused", "changes", "errors"):
        assert not crawl.manifest[empty]
    assert (crawl.manifest["completeness"], crawl.manifest["coverage"]) == (1.0, 1.0)
    assert crawl.manifest["stopped"] is None
    assert crawl.manifest["catalogue"] == "exchange"


def test_every_ad_stands_at_its_rank(crawl, books):
    assert crawl.ledger.keys() == books.keys()
    for market, book in books.items():
        ranked = [(ad["rank"], ad["adv_no"]) for ad in crawl.ads_of[market] if ad["rank"]]
        assert ranked == list(enumerate(book["natural"], start=1)), market


def test_ads_that_are_only_promoted_have_no_rank(crawl, books):
    alone, both = 0, 0
    for market, book in books.items():
        extra = set(book["promoted"]) - set(book["natural"])
        rankless = [ad for ad in crawl.ads_of[market] if ad["rank"] is None]
        assert [ad["adv_no"] for ad in rankless] == list(extra)
        assert all(ad["is_promoted"] and ad["privilege_type"] in (2, 8) for ad in rankless)
        flagged = {ad["adv_no"] for ad in crawl.ads_of[market] if ad["is_promoted"]}
        assert flagged == set(book["promoted"]), market
        alone += len(extra)
        both += len(flagged) - len(extra)
    assert alone  # the world has ads that are promoted only
    assert both  # and some that stand in the book as well


def test_the_count_is_the_exchanges_own(crawl, exchange):
    truth = exchange.book()
    numbers = [ad["adv_no"] for ad in crawl.ads]
    assert len(numbers) == len(set(numbers)) == truth["unique_ads"]
    assert sum(row["unique"] for row in crawl.ledger.values()) == truth["natural"] == 600
    assert sum(row["promoted"] for row in crawl.ledger.values()) == truth["promoted"]


def test_every_sweep_proves_its_book(crawl, books):
    for market, row in crawl.ledger.items():
        size = len(books[market]["natural"])
        assert (row["total_first"], row["total_last"], row["unique"]) == (size, size, size)
        assert row["pages"] == max(1, -(-size // 20))
        assert (row["verdict"], row["error"]) == ("complete", None)
        assert row["started_at"] <= row["first_response_at"] <= row["swept_at"]


def test_rows_are_ordered_by_fiat_asset_and_rank(crawl):
    for side in ("buy", "sell"):
        rows = crawl.side(side)
        order = [(ad["fiat"], ad["asset"], ad["rank"] or float("inf")) for ad in rows]
        assert order == sorted(order)
        assert {ad["trade_type"] for ad in rows} == {side.upper()}


def test_each_page_was_asked_for_once(crawl, exchange):
    asked = exchange.requests()
    pages = sum(row["pages"] for row in crawl.ledger.values())
    assert asked["search"] == pages
    assert asked["discovery"] == 3  # the fiats, and the assets of two of them
    assert crawl.manifest["requests"] == {"sent": pages + 3, "http_200": pages + 3}


def test_an_ad_was_observed_when_its_page_came(crawl):
    for market, book in crawl.ads_of.items():
        row = crawl.ledger[market]
        moments = {ad["page"]: ad["observed_at"] for ad in book}
        assert all(ad["observed_at"] == moments[ad["page"]] for ad in book)
        assert min(moments.values()) == moments[1] == row["first_response_at"]
        assert max(moments.values()) == row["swept_at"]
        assert all(ad["page"] == (ad["rank"] - 1) // 20 + 1 for ad in book if ad["rank"])


def test_the_manifest_proves_its_files(crawl):
    names = set()
    for file in crawl.manifest["files"]:
        path = crawl.folder / file["path"]
        content = path.read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        if path.suffix == ".parquet":
            assert pq.ParquetFile(path).metadata.num_rows == file["rows"]
        names.add(file["path"].split("/")[1])
    assert names == {"buy_ads", "sell_ads", "sweeps", "responses"}
    left = {path.name for path in crawl.folder.rglob("*") if path.name.endswith(".tmp")}
    assert left == set()


def test_the_checkpoint_counts_it(crawl):
    checkpoint = crawl.checkpoint
    assert datetime.fromisoformat(checkpoint["last_completed_snapshot"]) == crawl.started_at
    assert checkpoint["last_buy_ad_count"] == len(crawl.side("buy"))
    assert checkpoint["last_sell_ad_count"] == len(crawl.side("sell"))
    assert (checkpoint["total_snapshots"], checkpoint["consecutive_failures"]) == (1, 0)


def test_every_response_is_kept_as_it_came_where_that_is_asked_for(crawl, books):
    kept = Counter((each["market"], each["page"]) for each in crawl.pages)
    assert kept == {
        (f"{asset}/{fiat} {side}", page): 1
        for (fiat, asset, side), row in crawl.ledger.items()
        for page in range(1, row["pages"] + 1)
    }
    for (fiat, asset, side), book in books.items():
        mine = [each for each in crawl.pages if each["market"] == f"{asset}/{fiat} {side}"]
        bodies = [each["body"] for each in sorted(mine, key=lambda each: each["page"])]
        shown = [entry["adv"]["advNo"] for body in bodies for entry in json.loads(body)["data"]]
        assert shown == [*book["promoted"], *book["natural"]]


def test_answers_of_discovery_are_kept_with_what_was_asked(crawl):
    told = [each for each in crawl.responses if each["market"] is None]
    fiats = {each["request"]["fiat"] for each in told if "fiat" in each["request"]}
    assert fiats == {fiat for fiat, _, _ in crawl.ledger}
    (listed,) = [each for each in told if each["path"].endswith("fiat-list")]
    assert (listed["request"], listed["status"], listed["page"]) == ({}, 200, None)
    assert json.loads(listed["body"])["success"]
