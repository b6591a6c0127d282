from datetime import timedelta

import pytest

from items import Market, Side
from p2p_scrapy.binance.queries import Kind
from p2p_scrapy.census.catalogue import Catalogue
from p2p_scrapy.census.discovery import Discovery, DiscoveryError
from p2p_scrapy.census.scope import Scope

BUY, SELL = Side.BUY, Side.SELL


def markets(fiat, *assets):
    return [Market(asset, fiat, side) for side in Side for asset in assets]


@pytest.fixture
def catalogue():
    return Catalogue()


@pytest.fixture
def kept(catalogue, epoch):
    """A catalogue of an hour ago."""
    catalogue.list_fiats(["VES", "BOB"], epoch - timedelta(hours=1))
    catalogue.list_markets("VES", markets("VES", "USDT", "BTC"), epoch - timedelta(hours=1))
    catalogue.list_markets("BOB", markets("BOB", "USDT"), epoch - timedelta(hours=1))
    return catalogue


def asked(burst):
    return [(ask.query.kind, ask.fiat) for ask in burst]


def test_the_list_of_fiats_comes_first_and_then_the_assets_of_each(catalogue, epoch):
    discovery = Discovery(Scope(), catalogue, 24)
    assert asked(discovery.begin(epoch)) == [(Kind.FIAT_LIST, "")]
    assert not discovery.is_done
    burst = discovery.fiats_came(["VES", "BOB"], epoch)
    assert asked(burst) == [(Kind.PORTAL_CONFIG, "VES"), (Kind.PORTAL_CONFIG, "BOB")]
    discovery.markets_came("BOB", markets("BOB", "USDT"), epoch)
    assert not discovery.is_done
    discovery.markets_came("VES", markets("VES", "USDT", "BTC"), epoch)
    assert discovery.is_done
    assert discovery.markets() == [
        Market("USDT", "VES", BUY),
        Market("BTC", "VES", BUY),
        Market("USDT", "VES", SELL),
        Market("BTC", "VES", SELL),
        Market("USDT", "BOB", BUY),
        Market("USDT", "BOB", SELL),
    ]
    assert (discovery.kept, discovery.missing) == ([], [])


def test_what_is_fresh_is_not_asked_again(kept, epoch):
    discovery = Discovery(Scope(), kept, 24)
    assert discovery.begin(epoch) == []
    assert discovery.is_done
    assert len(discovery.markets()) == 6


def test_what_is_stale_alone_is_asked_again(kept, epoch):
    kept.list_markets("VES", markets("VES", "USDT"), epoch - timedelta(hours=25))
    discovery = Discovery(Scope(), kept, 24)
    assert asked(discovery.begin(epoch)) == [(Kind.PORTAL_CONFIG, "VES")]


def test_zero_hours_ask_for_everything(kept, epoch):
    discovery = Discovery(Scope(), kept, 0)
    assert asked(discovery.begin(epoch)) == [(Kind.FIAT_LIST, "")]
    assert len(discovery.fiats_came(["VES", "BOB"], epoch)) == 2


def test_a_scope_narrows_the_questions_and_the_markets(kept, epoch):
    scope = Scope(fiats=("VES",), assets=("BTC",), sides=(SELL,))
    discovery = Discovery(scope, kept, 0)
    assert asked(discovery.begin(epoch)) == [(Kind.FIAT_LIST, "")]
    assert asked(discovery.fiats_came(["VES", "BOB"], epoch)) == [(Kind.PORTAL_CONFIG, "VES")]
    discovery.markets_came("VES", markets("VES", "USDT", "BTC"), epoch)
    assert discovery.markets() == [Market("BTC", "VES", SELL)]


def test_a_fiat_that_is_not_listed_is_asked_all_the_same(kept, epoch, caplog):
    discovery = Discovery(Scope(fiats=("NGN",)), kept, 24)
    assert asked(discovery.begin(epoch)) == [(Kind.PORTAL_CONFIG, "NGN")]
    discovery.markets_came("NGN", [], epoch)
    assert discovery.markets() == [
        Market("USDT", "NGN", BUY),
        Market("USDT", "NGN", SELL),
        Market("BTC", "NGN", BUY),
        Market("BTC", "NGN", SELL),
    ]
    assert caplog.messages == ["The exchange does not list NGN; it is asked for USDT,BTC"]


def test_a_fiat_that_is_not_listed_is_asked_for_the_assets_of_the_scope(kept, epoch):
    scope = Scope(fiats=("NGN",), assets=("ETH",), sides=(BUY,))
    discovery = Discovery(scope, kept, 24)
    discovery.begin(epoch)
    discovery.markets_came("NGN", [], epoch)
    assert discovery.markets() == [Market("ETH", "NGN", BUY)]


def test_where_nothing_at_all_is_known_usdt_is_asked_for(catalogue, epoch):
    discovery = Discovery(Scope(fiats=("NGN",)), catalogue, 24)
    discovery.begin(epoch)
    discovery.fiats_failed("HTTP 500", epoch)
    discovery.markets_failed("NGN", "HTTP 500")
    assert discovery.is_done
    assert discovery.markets() == [Market("USDT", "NGN", BUY), Market("USDT", "NGN", SELL)]
    assert discovery.missing == ["NGN"]


def test_the_kept_list_serves_where_none_is_told(kept, epoch):
    discovery = Discovery(Scope(), kept, 0.5)
    discovery.begin(epoch)
    burst = discovery.fiats_failed("HTTP 500", epoch)
    assert asked(burst) == [(Kind.PORTAL_CONFIG, "VES"), (Kind.PORTAL_CONFIG, "BOB")]
    discovery.markets_failed("VES", "cut")
    discovery.markets_failed("BOB", "cut")
    assert discovery.is_done
    assert discovery.kept == ["the list of fiats: HTTP 500", "VES: cut", "BOB: cut"]
    assert len(discovery.markets()) == 6
    assert kept.told_at == epoch - timedelta(hours=1)


def test_without_a_list_and_without_a_kept_one_there_is_no_going_on(catalogue, epoch):
    discovery = Discovery(Scope(), catalogue, 24)
    discovery.begin(epoch)
    with pytest.raises(DiscoveryError) as caught:
        discovery.fiats_failed("HTTP 500", epoch)
    assert str(caught.value) == (
        "the exchange does not say which fiats it trades (HTTP 500) and no catalogue is kept; "
        "try later, or name them with -a fiats="
    )


def test_a_fiat_whose_assets_are_neither_told_nor_kept_is_missing(catalogue, epoch):
    discovery = Discovery(Scope(), catalogue, 24)
    discovery.begin(epoch)
    discovery.fiats_came(["VES", "BOB"], epoch)
    discovery.markets_came("BOB", markets("BOB", "USDT"), epoch)
    discovery.markets_failed("VES", "HTTP 404")
    assert (discovery.is_done, discovery.missing, discovery.kept) == (True, ["VES"], [])
    assert discovery.markets() == markets("BOB", "USDT")


def test_an_empty_list_is_no_list(kept, epoch, caplog):
    discovery = Discovery(Scope(), kept, 0.5)
    discovery.begin(epoch)
    assert asked(discovery.fiats_came([], epoch)) == [
        (Kind.PORTAL_CONFIG, "VES"),
        (Kind.PORTAL_CONFIG, "BOB"),
    ]
    discovery.markets_came("VES", markets("VES", "USDT"), epoch)
    discovery.markets_came("BOB", markets("BOB", "USDT"), epoch)
    assert discovery.is_done
    assert len(discovery.markets()) == 4
    assert discovery.kept == ["the list of fiats: no currency was listed"]
    assert "The list of fiats is not told anew" in caplog.messages[0]
    assert kept.fiats == ["VES", "BOB"]
    assert asked(Discovery(Scope(), kept, 0.5).begin(epoch)) == [(Kind.FIAT_LIST, "")]


def test_without_a_list_what_was_asked_for_alone_is_read(catalogue, epoch):
    discovery = Discovery(Scope(fiats=("VES",)), catalogue, 24)
    discovery.begin(epoch)
    assert asked(discovery.fiats_came([], epoch)) == [(Kind.PORTAL_CONFIG, "VES")]
    discovery.markets_came("VES", markets("VES", "USDT"), epoch)
    assert discovery.markets() == markets("VES", "USDT")


def test_a_fiat_that_has_no_assets_any_more_keeps_those_it_had(kept, epoch, caplog):
    discovery = Discovery(Scope(), kept, 0.5)
    discovery.begin(epoch)
    discovery.fiats_came(["VES", "BOB"], epoch)
    discovery.markets_came("VES", [], epoch)
    discovery.markets_came("BOB", markets("BOB", "USDT"), epoch)
    assert discovery.is_done
    assert len(discovery.markets()) == 6
    assert (discovery.kept, discovery.missing) == (["VES: no asset was listed"], [])
    assert caplog.messages == ["The assets of VES are the kept ones: no asset was listed"]
    again = Discovery(Scope(), kept, 0.5)
    assert asked(again.begin(epoch)) == [(Kind.PORTAL_CONFIG, "VES")]


def test_a_fiat_that_never_had_assets_is_entered_as_it_is(catalogue, epoch):
    for hours in (0, 1):
        discovery = Discovery(Scope(), catalogue, 0)
        discovery.begin(epoch)
        discovery.fiats_came(["VES"], epoch + timedelta(hours=hours))
        discovery.markets_came("VES", [], epoch + timedelta(hours=hours))
        assert (discovery.kept, discovery.markets()) == ([], [])
    assert catalogue.listings["VES"].told_at == epoch + timedelta(hours=1)


def test_an_exchange_that_lists_nothing(catalogue, epoch):
    discovery = Discovery(Scope(), catalogue, 24)
    discovery.begin(epoch)
    with pytest.raises(DiscoveryError, match=r"\(no currency was listed\) and no catalogue"):
        discovery.fiats_came([], epoch)
    assert (catalogue.fiats, catalogue.told_at) == ([], None)


@pytest.mark.parametrize(
    ("count", "named"),
    [(1, "VES"), (3, "VES, BOB, COP"), (4, "VES, BOB, COP and 1 more")],
)
def test_where_no_assets_could_be_had_that_is_what_is_said(catalogue, epoch, count, named):
    fiats = ["VES", "BOB", "COP", "ARS"][:count]
    discovery = Discovery(Scope(), catalogue, 24)
    discovery.begin(epoch)
    discovery.fiats_came(fiats, epoch)
    for fiat in fiats:
        discovery.markets_failed(fiat, "HTTP 503")
    assert discovery.markets() == []
    assert str(discovery.nothing()) == (
        f"the exchange does not tell the assets of {named}, and none are kept; try later"
    )


@pytest.mark.parametrize(
    ("scope", "asked_for"),
    [(Scope(), "everything"), (Scope(assets=("ETH",), sides=(BUY,)), "ETH, BUY")],
)
def test_what_is_not_traded_is_named(catalogue, epoch, scope, asked_for):
    discovery = Discovery(scope, catalogue, 24)
    discovery.begin(epoch)
    discovery.fiats_came(["VES"], epoch)
    discovery.markets_came("VES", [], epoch)
    assert str(discovery.nothing()) == (
        f"the exchange trades nothing of what was asked for: {asked_for}"
    )
