import pytest

SEARCH = "/bapi/c2c/v2/friendly/c2c/adv/search"
ALL_CLASSIFIES = ["mass", "profession", "fiat_trade"]


@pytest.fixture
def deep(open_exchange):
    return open_exchange(markets=2, ads=150)


def market_of(asker, key):
    markets = asker.get("/exchange/book").json["markets"]
    return next(m for m in markets if (m["fiat"], m["asset"], m["side"]) == key)


def numbers(page):
    return [entry["adv"]["advNo"] for entry in page["data"] if entry["privilegeType"] not in {2, 8}]


def test_all_pages_together_are_the_book(deep):
    market = market_of(deep, ("VND", "USDT", "SELL"))
    total = len(market["natural"])
    pages = [deep.search(page=page).json for page in range(1, -(-total // 20) + 1)]
    assert [number for page in pages for number in numbers(page)] == market["natural"]
    assert {page["total"] for page in pages} == {total}
    assert all(entry["adv"]["tradeType"] == "SELL" for page in pages for entry in page["data"])
    assert list(pages[0]) == ["code", "message", "messageDetail", "data", "total", "success"]


def test_the_other_side_holds_bids_from_the_highest_down(deep):
    page = deep.search(side="BUY", page=2).json
    prices = [float(entry["adv"]["price"]) for entry in page["data"]]
    assert {entry["adv"]["tradeType"] for entry in page["data"]} == {"BUY"}
    assert prices == sorted(prices, reverse=True)


def test_a_promoted_ad_stands_in_front_of_page_1_beside_the_rows_asked_for(open_exchange):
    asker = open_exchange(markets=64, ads=2_000)
    promoting = [m for m in asker.get("/exchange/book").json["markets"] if m["promoted"]]
    assert promoting
    for market in promoting:
        key = market["fiat"], market["asset"], market["side"]
        first, *natural = asker.search(*key).json["data"]
        assert first["adv"]["advNo"] == market["promoted"][0]
        assert (first["privilegeType"], first["privilegeDesc"]) in {
            (8, "Promoted Ad"),
            (2, "Featured Ad"),
        }
        assert [e["adv"]["advNo"] for e in natural] == market["natural"][:20]
        assert len(asker.search(*key, rows=5).json["data"]) == min(5, len(market["natural"])) + 1
        assert {e["privilegeType"] for e in asker.search(*key, page=2).json["data"]} <= {None}


def test_somewhere_the_best_ad_says_privilege_type_1(open_exchange):
    asker = open_exchange(markets=64, ads=2_000)
    plain = [m for m in asker.get("/exchange/book").json["markets"] if not m["promoted"]]
    first = [asker.search(m["fiat"], m["asset"], m["side"]).json["data"][:1] for m in plain]
    assert {entry["privilegeType"] for page in first for entry in page} == {None, 1}


def test_a_page_past_the_end_and_an_unknown_market_are_empty(deep):
    past = deep.search(page=99)
    assert (past.status, past.json["code"], past.json["data"]) == (200, "000000", [])
    assert past.json["total"] == deep.search().json["total"]
    for market in (("NGN", "USDT"), ("VND", "SHIB")):
        unknown = deep.search(*market).json
        assert (unknown["total"], unknown["data"], unknown["success"]) == (0, [], True)


@pytest.mark.parametrize(
    "wrong",
    [{"rows": 21}, {"rows": 0}, {"rows": "20"}, {"page": 0}, {"tradeType": "HOLD"}, {"fiat": None}],
)
def test_an_illegal_parameter_is_refused_with_200(deep, wrong):
    answer = deep.search(**wrong)
    assert answer.status == 200
    assert answer.json == {
        "code": "000002",
        "message": "illegal parameter",
        "messageDetail": None,
        "data": None,
        "success": False,
    }


def test_what_is_no_json_is_an_illegal_parameter(deep):
    assert deep.ask("POST", SEARCH, None).json["code"] == "000002"


def test_payment_methods_filter_by_identifier_and_total_counts_the_matching(deep):
    whole = deep.get("/exchange/ads?fiat=VND&asset=USDT&side=SELL").json
    wanted = whole[0]["adv"]["tradeMethods"][0]["identifier"]
    matching = [
        entry["adv"]["advNo"]
        for entry in whole
        if any(method["identifier"] == wanted for method in entry["adv"]["tradeMethods"])
    ]
    page = deep.search(payTypes=[wanted]).json
    assert page["total"] == len(matching) < len(whole)
    assert numbers(page)[:20] == matching[:20]


def test_an_unknown_payment_method_is_refused(deep):
    answer = deep.search(payTypes=["Nothing"])
    assert (answer.status, answer.json["code"]) == (200, "083932")
    assert answer.json["data"] is None
    assert answer.json["success"] is False
    assert list(answer.json["messageDetail"]) == [
        "title",
        "type",
        "icon",
        "action",
        "linkTitle",
        "linkUrl",
    ]


@pytest.mark.parametrize("kind", ["merchant", "user"])
def test_publishers_and_classifies_filter_alike(deep, kind):
    page = deep.search(publisherType=kind).json
    assert {entry["advertiser"]["userType"] for entry in page["data"]} == {kind}
    classify = {"merchant": "profession", "user": "mass"}[kind]
    assert deep.search(classifies=[classify]).json == page
    everything = deep.search(classifies=ALL_CLASSIFIES).json["total"]
    assert page["total"] < everything == deep.search().json["total"]


def test_a_get_is_a_bad_request(deep):
    assert deep.get(SEARCH).status == 400


def test_the_public_path_is_silently_empty(deep):
    answer = deep.post("/bapi/c2c/v2/public/c2c/adv/search", {"fiat": "VND", "asset": "USDT"})
    assert (answer.status, answer.json["code"], answer.json["data"]) == (200, "000000", [])


def test_private_paths_want_a_login_and_others_do_not_exist(deep):
    assert deep.post("/bapi/c2c/v2/private/c2c/adv/search", {}).status == 401
    lost = deep.post("/bapi/c2c/v2/friendly/c2c/adv/find", {})
    assert (lost.status, lost.json["message"]) == (404, "No message available")
    assert "code" not in lost.json
