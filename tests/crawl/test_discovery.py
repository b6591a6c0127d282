"""What the exchange says it trades: nothing, less than before, or nothing any more."""

import json

import pytest

PROFILE = "/bapi/c2c/v2/friendly/c2c/user/profile-and-ads-list"


@pytest.fixture(scope="module")
def empty_exchange(open_exchange, tmp_path_factory):
    """It answers every question well, and trades nothing."""
    folder = tmp_path_factory.mktemp("nothing")
    nothing = {
        "recorded_at": "2026-01-01T00:00:00Z",
        "request": {"method": "GET", "path": f"{PROFILE}?userNo=s1", "body": None},
        "response": {"status": 200, "body": {"code": "000000", "data": {}, "success": True}},
    }
    (folder / "nothing.jsonl").write_text(json.dumps(nothing))
    return open_exchange(replay=folder)


def test_an_exchange_that_lists_no_currency_fails_in_a_line(empty_exchange, census):
    crawl = census(empty_exchange)
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert "(no currency was listed) and no catalogue is kept" in crawl.manifest["stopped"]
    assert "defect" not in crawl.manifest["errors"]
    assert not (crawl.folder / "catalogue.json").exists()


def test_a_kept_catalogue_replaces_empty_lists(empty_exchange, open_exchange, census):
    """The books are empty too: a wrong answer, which the next batch must not take for granted."""
    first = census(open_exchange(fiats=("VND", "UAH"), assets=("USDT",), ads=40))
    assert first.code == 0
    kept = (first.folder / "catalogue.json").read_bytes()
    crawl = census(empty_exchange, first.folder, CATALOGUE_HOURS=0)
    assert crawl.is_accounted_for()
    assert crawl.manifest["catalogue"] == (
        "kept: the list of fiats: no currency was listed; "
        "VND: no asset was listed; UAH: no asset was listed"
    )
    assert crawl.verdicts == dict.fromkeys(first.verdicts, "complete")
    assert (first.folder / "catalogue.json").read_bytes() == kept


@pytest.mark.parametrize("assets", [("USDT",), ("BTC",)], ids=["a currency", "an asset as well"])
def test_a_book_that_is_no_longer_listed_is_an_alarm_once(open_exchange, census, assets):
    whole = open_exchange(fiats=("VND", "UAH"), assets=("USDT", "BTC"), ads=600)
    first = census(whole)
    assert first.code == 0
    left = open_exchange(fiats=("VND",), assets=assets, ads=200)
    books = [market for market, row in first.ledger.items() if row["unique"] >= 20]
    gone = {
        f"{asset}/{fiat} {side} ({first.ledger[fiat, asset, side]['unique']})"
        for fiat, asset, side in books
        if (fiat, asset) not in {("VND", each) for each in assets}
    }
    assert any("UAH" in each for each in gone)
    second, third = (census(left, first.folder, CATALOGUE_HOURS=0) for _ in range(2))
    assert (second.code, list(second.alerts)) == (0, ["empty_market"])
    what, _, named = second.alerts["empty_market"]["error"].partition(": ")
    assert what == "no longer listed, with the ads of their last complete sweep"
    assert set(named.split(", ")) == gone
    assert (third.code, third.alerts) == (0, {})
