import json
import time
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path

import pytest

from p2p_scrapy.exchange.fault_kinds import DISCOVERY_DOWN, KINDS


@pytest.fixture
def faulty(open_exchange):
    def open_with(*faults, **options):
        return open_exchange(markets=2, ads=150, faults=faults, **options)

    return open_with


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("html403", 403),
        ("captcha405", 405),
        ("captcha", 200),
        ("teapot418", 418),
        ("country451", 451),
        ("error500", 500),
        ("error502", 502),
        ("error503", 503),
    ],
)
def test_answers_a_page_of_html(faulty, kind, status):
    answer = faulty(f"{kind}=1").search()
    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"<html>" in answer.body


@pytest.mark.parametrize(("kind", "status"), [("bad400", 400), ("missing404", 404)])
def test_answers_json_of_another_status(faulty, kind, status):
    answer = faulty(f"{kind}=1").search()
    assert answer.status == answer.json["status"] == status


def test_a_redirect_leads_to_the_p2p_page(faulty):
    answer = faulty("redirect307=1").search()
    assert (answer.status, answer.body) == (307, b"")
    assert answer.headers["Location"] == "/en/trade/all-payments/USDT"


def test_business_error(faulty):
    answer = faulty("business-error=1").search()
    assert answer.status == 200
    assert answer.json["success"] is False
    assert answer.json["code"] != "000000"
    assert answer.json["message"]
    assert answer.json["data"] is None


def test_null_data(faulty):
    answer = faulty("null-data=1").search().json
    assert (answer["code"], answer["success"], answer["data"]) == ("000000", True, None)


def test_missing_keys(faulty):
    for entry in faulty("missing-keys=1").search().json["data"]:
        assert "tradableQuantity" not in entry["adv"]
        assert "positiveRate" not in entry["advertiser"]
        assert entry["adv"]["surplusAmount"]


def test_renamed_keys(faulty):
    for entry in faulty("renamed-keys=1").search().json["data"]:
        assert entry["adv"]["remainAmount"]
        assert "surplusAmount" not in entry["adv"]
        assert "recentOrderCount" in entry["advertiser"]
        assert "monthOrderCount" not in entry["advertiser"]


def test_changed_types(faulty):
    for entry in faulty("changed-types=1").search().json["data"]:
        assert isinstance(entry["adv"]["price"], (int, float))
        assert isinstance(entry["adv"]["isTradable"], str)
        assert isinstance(entry["advertiser"]["monthOrderCount"], str)
        assert isinstance(entry["advertiser"]["badges"], str)


def test_unknown_keys(faulty):
    page = faulty("unknown-keys=1").search().json
    assert "traceId" in page
    for entry in page["data"]:
        assert "boosted" in entry
        assert "escrowProgram" in entry["adv"]
        assert "reputationScore" in entry["advertiser"]


def test_wrong_side(faulty):
    page = faulty("wrong-side=1").search(page=2).json
    sides = [entry["adv"]["tradeType"] for entry in page["data"]]
    assert (sides.count("BUY"), sides.count("SELL")) == (1, 19)


def test_wrong_fiat(faulty):
    page = faulty("wrong-fiat=1").search(page=2).json
    fiats = [entry["adv"]["fiatUnit"] for entry in page["data"]]
    assert (fiats.count("VND"), len(fiats)) == (20, 21)
    assert len({entry["adv"]["advNo"] for entry in page["data"]}) == 21


def test_bad_ads(faulty):
    ads = faulty("bad-ads=1").search(page=2).json["data"]
    whole = [entry["adv"] for entry in ads if isinstance(entry, dict)]
    assert len(whole) == 19
    assert [adv["price"] for adv in whole].count("0") == 1
    assert [adv["advNo"] for adv in whole].count("") == 1
    assert [adv["surplusAmount"] for adv in whole].count("0") == 1
    least_over_most = [
        adv
        for adv in whole
        if float(adv["minSingleTransAmount"]) > float(adv["maxSingleTransAmount"])
    ]
    assert len(least_over_most) == 1


def test_duplicate_rows(faulty):
    asker = faulty("duplicate-rows=1")
    first, second = asker.search().json["data"], asker.search(page=2).json["data"]
    assert second[0] == first[-1]
    assert len(second) == 21


def test_changing_total(faulty):
    asker = faulty("changing-total=1")
    total = len(asker.exchange.book()["markets"][0]["natural"])
    totals = [asker.search(page=page).json["total"] for page in (1, 2, 3)]
    assert totals[0] == total
    assert total not in totals[1:]


def test_moving_ads(faulty):
    asker = faulty("moving-ads=1")
    before = asker.exchange.book()["markets"][0]["natural"]
    asker.search()
    after = asker.exchange.book()["markets"][0]["natural"]
    assert before != after
    assert sorted(before) == sorted(after)
    asker.search("NGN")


def test_timeout(faulty):
    asker = faulty("timeout=1")
    with pytest.raises(TimeoutError):
        asker.search(timeout=0.2)


def test_slow(faulty):
    asker = faulty("slow=1", slow_seconds=0.3)
    asked_at = time.monotonic()
    assert asker.search().json["data"]
    assert time.monotonic() - asked_at >= 0.3


def test_cut(faulty):
    with pytest.raises(IncompleteRead) as cut:
        faulty("cut=1").search()
    assert cut.value.partial.startswith(b'{"code":"000000"')


def test_close(faulty):
    asker = faulty("close=1")
    with pytest.raises(RemoteDisconnected):
        asker.search()
    report = asker.exchange.requests()
    assert (report["by_status"], report["by_fault"]) == ({}, {"close": 1})


def test_broken_json(faulty):
    answer = faulty("broken-json=1").search()
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    with pytest.raises(json.JSONDecodeError):
        _ = answer.json


def test_discovery_down(faulty):
    asker = faulty("discovery-down=1")
    assert asker.post("/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list", {}).status == 503
    portal = "/bapi/c2c/v2/friendly/c2c/portal/config"
    assert asker.post(portal, {"fiat": "VND"}).status == 503
    assert asker.search().status == 200
    asker.exchange.adjust(faults=["discovery-down=1@UAH"])
    assert asker.post(portal, {"fiat": "VND"}).status == 200


def test_every_kind_is_seen_at_a_socket():
    tried = Path(__file__).read_text()
    assert [kind for kind in (*KINDS, DISCOVERY_DOWN) if f'"{kind}' not in tried] == []


def test_a_fault_strikes_its_share_of_its_market_only(open_exchange):
    asker = open_exchange(faults=("error503=0.5@VND/USDT/SELL",), seed=3)
    mine = [asker.search().status for _ in range(40)]
    assert 10 < mine.count(503) < 30
    assert {asker.search(side="BUY").status for _ in range(10)} == {200}
    again = open_exchange(faults=("error503=0.5@VND/USDT/SELL",), seed=3)
    assert [again.search().status for _ in range(40)] == mine


def test_a_refusal_comes_before_an_alteration_and_alterations_add_up(open_exchange):
    asker = open_exchange(markets=1, ads=60, faults=("bad-ads=1", "wrong-side=1", "missing-keys=1"))
    ads = [entry for entry in asker.search(page=2).json["data"] if isinstance(entry, dict)]
    assert sum(entry["adv"]["tradeType"] == "BUY" for entry in ads) == 1
    assert not any("tradableQuantity" in entry["adv"] for entry in ads)
    asker.exchange.adjust(faults=["cut=1", "html403=1", "error500=1"])
    assert asker.search().status == 403
    asker.exchange.adjust(faults=["broken-json=1", "cut=1"])
    assert asker.search().status == 200
    seen = asker.exchange.requests()["by_fault"]
    assert seen == dict.fromkeys(
        ("bad-ads", "wrong-side", "missing-keys", "html403", "broken-json"), 1
    )


def test_a_page_without_ads_stays_as_it_is(open_exchange):
    asker = open_exchange(faults=("wrong-side=1", "bad-ads=1", "duplicate-rows=1"))
    assert asker.search(page=99).json["data"] == []
    lonely = open_exchange(markets=1, ads=1, faults=("bad-ads=1", "wrong-fiat=1", "wrong-side=1"))
    for _ in range(20):
        assert lonely.search().status == 200
