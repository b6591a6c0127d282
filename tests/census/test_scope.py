import pytest

from items import Market, Side
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.errors import ArgumentError, UsageError


def test_nothing_typed_is_the_whole_market(config):
    scope = Scope.of_run(config(), {})
    assert scope == Scope(classifies=("mass", "profession", "fiat_trade"))
    assert (scope.is_whole_market, scope.is_sample) == (True, False)
    assert scope.asked_sides == (Side.BUY, Side.SELL)


def test_arguments_go_before_settings(config):
    settings = config(P2P_FIATS="VES", P2P_ASSETS="BTC", P2P_SIDES="BUY")
    scope = Scope.of_run(settings, {"fiats": " bob, usd ,BOB", "sides": "sell"})
    assert (scope.fiats, scope.assets, scope.sides) == (("BOB", "USD"), ("BTC",), (Side.SELL,))
    assert (scope.is_whole_market, scope.is_sample) == (False, False)


@pytest.mark.parametrize("name", ["fiats", "assets", "sides"])
def test_an_empty_argument_leaves_the_setting(config, name):
    settings = config(P2P_FIATS="VES", P2P_ASSETS="BTC", P2P_SIDES="BUY")
    scope = Scope.of_run(settings, {name: " "})
    assert (scope.fiats, scope.assets, scope.sides) == (("VES",), ("BTC",), (Side.BUY,))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("pay_types", "Zinli, BANK,Zinli", ("Zinli", "BANK")),
        ("publisher_type", "Merchant", "merchant"),
        ("publisher_type", "user", "user"),
        ("max_pages", "1", 1),
        ("max_pages", "1000", 1000),
    ],
)
def test_what_takes_a_sample(config, name, text, value):
    scope = Scope.of_run(config(), {name: text})
    assert getattr(scope, name) == value
    assert (scope.is_sample, scope.is_whole_market) == (True, False)


@pytest.mark.parametrize(
    ("classifies", "is_sample"),
    [
        ("fiat_trade,mass,profession", False),
        ("mass,profession", True),
        ("mass,profession,fiat_trade,block", True),
        ("", True),
    ],
)
def test_other_classes_take_a_sample(config, classifies, is_sample):
    scope = Scope.of_run(config(P2P_CLASSIFIES=classifies), {})
    assert (scope.is_sample, scope.is_whole_market) == (is_sample, not is_sample)


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("fiats", "VE", "currency codes of three letters, e.g. VES,BOB"),
        ("fiats", "VES;BOB", "currency codes of three letters, e.g. VES,BOB"),
        ("assets", "U.DT", "asset codes, e.g. USDT,BTC"),
        ("sides", "ASK", r"BUY, SELL, or BUY,SELL \(the advertiser's side\)"),
        ("publisher_type", "pro", "merchant or user"),
        ("publisher_type", "", "merchant or user"),
        ("max_pages", "0", "a whole number of pages from 1 to 1000"),
        ("max_pages", "1001", "a whole number of pages from 1 to 1000"),
        ("max_pages", "ten", "a whole number of pages from 1 to 1000"),
        ("max_pages", "", "a whole number of pages from 1 to 1000"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(config, name, text, allowed):
    with pytest.raises(ArgumentError, match=f"argument {name} is '{text}'; it must be {allowed}$"):
        Scope.of_run(config(), {name: text})


def test_a_setting_of_what_the_exchange_has_is_checked_by_form_alone(config):
    assert Scope.of_run(config(), {"fiats": "XXX", "assets": "1000SATS"}).fiats == ("XXX",)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("fiat", "fiats"), ("asset", "assets"), ("side", "sides"), ("maxpages", "max_pages")],
)
def test_an_unknown_argument_is_told_what_was_meant(config, name, meant):
    known = "fiats, assets, sides, pay_types, publisher_type, max_pages"
    with pytest.raises(UsageError) as caught:
        Scope.of_run(config(), {name: "x"})
    assert str(caught.value) == (
        f"there is no argument '{name}'; did you mean {meant}? (known: {known})"
    )
    assert caught.value.exit_code == 2


def test_an_argument_like_none_of_ours_is_told_all_there_are(config):
    with pytest.raises(UsageError, match=r"there is no argument 'zzz' \(known: fiats, "):
        Scope.of_run(config(), {"zzz": "x"})


@pytest.mark.parametrize(
    ("scope", "is_included"),
    [
        (Scope(), True),
        (Scope(fiats=("BOB", "VES"), assets=("USDT",), sides=(Side.BUY,)), True),
        (Scope(fiats=("BOB",)), False),
        (Scope(assets=("BTC",)), False),
        (Scope(sides=(Side.SELL,)), False),
    ],
)
def test_which_markets_are_asked_for(scope, is_included):
    assert scope.includes(Market("USDT", "VES", Side.BUY)) is is_included
