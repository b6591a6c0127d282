import json

FIATS = "/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list"
PORTAL = "/bapi/c2c/v2/friendly/c2c/portal/config"
CONDITIONS = "/bapi/c2c/v2/public/c2c/adv/filter-conditions"
PROFILE = "/bapi/c2c/v2/friendly/c2c/user/profile-and-ads-list?userNo="


def area_of(config, name):
    return next(area for area in config["areas"] if area["area"] == name)


def test_lists_the_112_currencies_in_the_recorded_order(open_exchange, captures):
    asker = open_exchange(markets=None, ads=50)
    data = asker.post(FIATS, {}).json["data"]
    recorded = json.loads((captures / "fiat_list_2026-10-11.json").read_text())
    assert [fiat["currencyCode"] for fiat in data] == recorded
    assert list(data[0]) == [
        "currencyCode",
        "currencySymbol",
        "currencyScale",
        "countryCode",
        "iconUrl",
        "description",
    ]


def test_the_p2p_area_names_the_assets_a_side_and_is_not_always_the_first(open_exchange):
    asker = open_exchange(markets=None, ads=50)
    configs = [asker.post(PORTAL, {"fiat": fiat}).json["data"] for fiat in ("VES", "VND", "UAH")]
    assert {config["areas"][0]["area"] for config in configs} == {"P2P", "EXPRESS"}
    sides = area_of(configs[0], "P2P")["tradeSides"]
    assert [side["side"] for side in sides] == ["BUY", "SELL"]
    p2p = [asset["asset"] for asset in sides[0]["assets"]]
    assert p2p == ["USDT", "BTC", "ETH", "BNB", "USDC", "FDUSD", "SOL", "DOGE"]
    express = area_of(configs[0], "EXPRESS")["tradeSides"][0]["assets"]
    assert {asset["asset"] for asset in express} - set(p2p)


def test_a_side_is_the_takers_as_in_a_search(open_exchange):
    asker = open_exchange(markets=3)
    sides = area_of(asker.post(PORTAL, {"fiat": "VND"}).json["data"], "P2P")["tradeSides"]
    assets = {side["side"]: [asset["asset"] for asset in side["assets"]] for side in sides}
    assert assets == {"BUY": ["USDT", "BTC"], "SELL": ["USDT"]}


def test_an_unknown_currency_trades_nothing_and_none_is_illegal(open_exchange):
    asker = open_exchange()
    sides = area_of(asker.post(PORTAL, {"fiat": "NGN"}).json["data"], "P2P")["tradeSides"]
    assert [side["assets"] for side in sides] == [[], []]
    assert asker.post(PORTAL, {}).json["code"] == "000002"


def test_filter_conditions_name_the_methods_of_a_currency(open_exchange):
    data = open_exchange().post(CONDITIONS, {"fiat": "VND"}).json["data"]
    assert list(data) == ["countries", "tradeMethods", "periods", "preferredCountry"]
    assert data["countries"] == [{"scode": "VN", "name": "VN"}]
    assert "VndWallet" in {method["identifier"] for method in data["tradeMethods"]}
    assert data["periods"] == [15, 30, 45, 60, 180, 360]


def test_a_profile_holds_all_ads_of_an_advertiser_with_what_a_search_hides(open_exchange):
    asker = open_exchange()
    world = asker.exchange.world
    somebody = max(world.ads, key=lambda ad: sum(a.advertiser is ad.advertiser for a in world.ads))
    mine = [ad.number for ad in world.ads if ad.advertiser is somebody.advertiser]
    data = asker.get(PROFILE + somebody.advertiser.user_no).json["data"]
    shown = [*data["sellList"], *data["buyList"]]
    assert set(mine) <= {adv["advNo"] for adv in shown}
    assert {adv["tradeType"] for adv in data["sellList"]} <= {"SELL"}
    assert {adv["priceType"] for adv in shown} <= {1, 2}
    assert all(adv["createTime"] for adv in shown)
    assert data["userDetailVo"]["userNo"] == somebody.advertiser.user_no
    assert data["userDetailVo"]["userStatsRet"]["registerDays"] > 0


def test_an_ad_that_is_only_promoted_stands_in_its_merchants_profile(open_exchange):
    asker = open_exchange(markets=64, ads=800)
    extra = asker.exchange.world.extras()[0]
    data = asker.get(PROFILE + extra.advertiser.user_no).json["data"]
    shown = [adv["advNo"] for adv in (*data["sellList"], *data["buyList"])]
    assert shown.count(extra.number) == 1


def test_an_unknown_advertiser_is_an_illegal_parameter(open_exchange):
    assert open_exchange().get(PROFILE + "nobody").json["code"] == "000002"
