"""Answers that no recording has: each is a currency of its own in one replayed census."""

import json
from types import SimpleNamespace

import pytest

SEARCH = "/bapi/c2c/v2/friendly/c2c/adv/search"
FIRST_NUMBER = 13_908_303_176_808_550_400
SEEN = 3


def an_entry(fiat, number, adv=None, **more):
    """An ad of the keys that it cannot do without, and those given."""
    known = {"advNo": str(FIRST_NUMBER + number), "tradeType": "SELL", "asset": "USDT"}
    known |= {"fiatUnit": fiat, "price": "1.5", "surplusAmount": "12", "tradeMethods": []}
    advertiser = {"userNo": "s1", "nickName": "somebody", "userType": "user"}
    return {"adv": known | (adv or {}), "advertiser": advertiser} | more


def a_page(entries, **envelope):
    whole = {"code": "000000", "message": None, "total": len(entries), "success": True}
    return whole | {"data": entries} | envelope


def of(*changes):
    """A page of one ad a change of ``adv``; the answer is made for a currency, numbers from one."""
    return lambda fiat, one: a_page(
        [an_entry(fiat, one + place, adv) for place, adv in enumerate(changes)]
    )


def with_total(**total):
    return lambda fiat, one: a_page([an_entry(fiat, one + n) for n in range(SEEN)]) | total


ODD = {
    "TNU": with_total(total=None),
    "TTX": with_total(total="3"),
    "TNG": with_total(total=-1),
    "TFL": with_total(total=3.5),
    "DOB": lambda _fiat, _one: a_page([], data={"a": 1}, total=1),
    "COD": lambda fiat, one: a_page([an_entry(fiat, one)], code=0),
    "NOB": lambda _f, _o: a_page([None, 5, "x", [], {}, {"adv": None}, {"advertiser": {}}]),
    "WHO": lambda fiat, one: a_page(
        [an_entry(fiat, one), an_entry(fiat, one + 1, advertiser=None), {"adv": {}}]
    ),
    "PRI": of(*({"price": price} for price in ("1e400", "-3", "NaN", "", "1,5", True, [1], None))),
    "PNU": of({"price": 1.25}, {"price": 7}, {"price": " 1.5 "}),
    "LNG": of({"price": "0.1234567890123456789"}),
    "NUM": of({"advNo": 12345}, {"advNo": None}, {"advNo": ""}, {"advNo": "abc"}),
    "AGE": of({"createTime": 10**30}, {"createTime": "x"}, {"createTime": 1_700_000_000_000}),
    "MET": of(
        {"tradeMethods": [None, "x", {"identifier": "B", "payType": None}]}, {"tradeMethods": {}}
    ),
    "TYP": of({"priceType": 1}, {"priceType": 2}, {"priceType": 3}),
    "PRV": lambda fiat, one: a_page(
        [
            an_entry(fiat, one, privilegeType=2),
            an_entry(fiat, one + 1, privilegeType=99),
            an_entry(fiat, one),
        ],
        total=2,
    ),
    "ASS": of({}, {"asset": "BTC"}),
}


def replay_of(folder, answers):
    lines = [
        {
            "recorded_at": "2026-01-01T00:00:00Z",
            "request": {
                "method": "POST",
                "path": SEARCH,
                "body": {
                    "fiat": fiat, "asset": "USDT", "tradeType": "BUY", "page": 1, "payTypes": [],
                },
            },
            "response": {"status": 200, "body": answer},
        }
        for fiat, answer in answers.items()
    ]  # fmt: skip
    (folder / "odd.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


@pytest.fixture(scope="module")
def crawl(census, open_exchange, tmp_path_factory):
    answers = {fiat: odd(fiat, 100 * place) for place, (fiat, odd) in enumerate(ODD.items())}
    exchange = open_exchange(replay=replay_of(tmp_path_factory.mktemp("odd"), answers))
    return census(exchange, sides="SELL", TIME_LAPSE=100)


@pytest.fixture
def read(crawl):
    """What came of a currency: its ledger row, its ads and the reasons of its refusals."""

    def read(fiat):
        return SimpleNamespace(
            row=crawl.ledger[fiat, "USDT", "SELL"],
            ads=crawl.ads_of[fiat, "USDT", "SELL"],
            reasons=[each["reason"] for each in crawl.rejected if each["fiat"] == fiat],
        )

    return read


def test_nothing_odd_stops_the_census(crawl):
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (3, "partial")
    assert {fiat for fiat, _, _ in crawl.ledger} == ODD.keys()
    assert "defect" not in crawl.manifest["errors"]


@pytest.mark.parametrize("fiat", ["TNU", "TTX", "TNG", "TFL"])
def test_without_a_total_the_ads_are_kept_and_nothing_is_proved(read, fiat):
    met = read(fiat)
    assert len(met.ads) == SEEN
    assert (met.row["verdict"], met.row["total_first"]) == ("partial", None)
    assert "3 ads seen of None reported" in met.row["error"]


def test_what_is_no_total_is_counted_and_told(crawl):
    changes = crawl.manifest["changes"]
    met = {name: changes[f"{name} total"] for name in ("missing", "type", "value")}
    assert met == {"missing": 1, "type": 2, "value": 2}  # -1 is told by page 2 as well
    assert "answers_changed" in crawl.alerts


def test_what_is_no_list_of_ads_fails_its_market(read):
    assert (read("DOB").row["verdict"], read("DOB").ads) == ("failed", [])
    assert (read("COD").row["verdict"], read("COD").ads) == ("failed", [])
    assert "declined: code 0" in read("COD").row["error"]


def test_entries_that_are_no_ads_are_refused_each_by_itself(read):
    met = read("NOB")
    assert (met.reasons, met.ads) == (["unparsable"] * 7, [])
    assert met.row["unique"] == 7


def test_an_ad_of_nobody_is_kept_and_one_without_a_key_refused_by_its_rule(crawl, read):
    met = read("WHO")
    assert [ad["advertiser_no"] for ad in met.ads] == ["s1", None]
    assert met.reasons == ["empty_adv_no"]
    assert crawl.manifest["changes"]["missing advertiser"] == 2


def test_prices_that_are_none_are_refused(read):
    met = read("PRI")
    assert (met.reasons, met.ads) == (["no_price"] * 8, [])


def test_prices_may_be_numbers(crawl, read):
    assert [ad["price"] for ad in read("PNU").ads] == [1.25, 7.0, 1.5]
    (ad,) = read("LNG").ads
    assert ad["price"] == float("0.1234567890123456789")
    assert crawl.manifest["changes"]["long decimal adv.price"] == 1


def test_numbers_that_are_none_are_refused(read):
    met = read("NUM")
    assert met.reasons == ["empty_adv_no"] * 3
    (ad,) = met.ads
    assert (ad["adv_no"], ad["rank"]) == ("abc", 4)
    assert (ad["ad_created_at"], ad["ad_created_at_source"]) == (None, None)


def test_a_creation_time_that_is_none_is_taken_from_the_number(read):
    ads = read("AGE").ads
    assert [ad["ad_created_at_source"] for ad in ads] == ["adv_no", "adv_no", "api"]
    assert [f"{ad['ad_created_at']:%Y}" for ad in ads] == ["2026", "2026", "2023"]


def test_payment_methods_that_are_none_are_left_out(read):
    assert [ad["payment_methods"] for ad in read("MET").ads] == [["B"], None]


def test_price_types_have_names_where_they_are_known(crawl, read):
    assert [ad["price_type"] for ad in read("TYP").ads] == ["FIXED", "FLOATING", None]
    assert crawl.manifest["changes"]["value adv.priceType"] == 1


def test_a_featured_ad_that_stands_in_the_book_is_kept_there(read):
    met = read("PRV")
    assert [(ad["rank"], ad["is_promoted"], ad["privilege_type"]) for ad in met.ads] == [
        (1, False, 99),
        (2, True, None),
    ]
    assert (met.row["verdict"], met.row["promoted"], met.row["rows"]) == ("complete", 1, 3)


def test_an_ad_of_another_asset_is_refused(read):
    met = read("ASS")
    assert (met.reasons, len(met.ads)) == (["wrong_asset"], 1)


def test_a_number_that_two_markets_have_makes_one_of_them_no_proof(census, open_exchange, tmp_path):
    answers = {fiat: a_page([an_entry(fiat, 0)]) for fiat in ("ONE", "TWO")}
    crawl = census(open_exchange(replay=replay_of(tmp_path, answers)), sides="SELL")
    assert len(crawl.ads) == 1  # no number twice in a snapshot
    for market, row in crawl.ledger.items():
        if row["verdict"] == "complete":
            assert len(crawl.ads_of[market]) == row["unique"]
