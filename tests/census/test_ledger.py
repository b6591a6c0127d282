from datetime import timedelta

import pytest

from items import Market, Pair, Side
from p2p_scrapy.census.ledger import Ledger


@pytest.fixture
def settled():
    return []


@pytest.fixture
def ledger(settled):
    ledger = Ledger()
    ledger.on_settled.append(settled.append)
    return ledger


@pytest.fixture
def sweep(ledger, new_sweep):
    sweep = new_sweep()
    ledger.add(sweep)
    return sweep


def passing(sweep, count):
    """A sweep that is read, with so many ads in the pipelines."""
    sweep.outstanding, sweep.passed = 0, count


def test_a_sweep_settles_when_its_last_ad_has_a_fate(ledger, sweep, settled, ad, unreadable):
    passing(sweep, 4)
    ledger.keep(ad("1"))
    ledger.refuse(ad("2"), "no_price")
    ledger.refuse(unreadable, "unparsable")
    assert settled == []
    ledger.repeat(ad("1"))
    assert settled == [sweep]
    assert (sweep.kept, sweep.repeated) == (1, 1)
    assert sweep.refused == {"no_price": 1, "unparsable": 1}
    assert (ledger.open, ledger.sweeps) == ({}, {sweep.market: sweep})


def test_a_sweep_that_is_still_read_does_not_settle(ledger, sweep, settled, ad):
    sweep.passed = 1
    ledger.keep(ad("1"))
    assert settled == []
    sweep.outstanding = 0
    ledger.look_at(sweep)
    assert settled == [sweep]


def test_a_sweep_settles_once(ledger, sweep, settled):
    passing(sweep, 0)
    ledger.look_at(sweep)
    ledger.look_at(sweep)
    assert settled == [sweep]


def test_a_sweep_can_be_closed_as_it_stands(ledger, sweep, settled):
    ledger.close(sweep)
    assert (settled, ledger.open) == ([sweep], {})


def test_prices_are_those_of_ranked_ads(ledger, sweep, ad):
    ledger.keep(ad("1", price=58.1, rank=1))
    ledger.keep(ad("2", price=99.9, promoted=True))
    ledger.keep(ad("3", price=None, rank=2))
    ledger.keep(ad("4", price=58.2, rank=3, is_promoted=True))
    assert sweep.prices == [58.1, 58.2]


def test_methods_are_counted(ledger, sweep, ad):
    ledger.keep(ad("1", payment_methods=["BANESCO", None, "PAGO"]))
    ledger.keep(ad("2", payment_methods=["BANESCO"]))
    ledger.keep(ad("3", payment_methods=None))
    assert sweep.methods == {"BANESCO": 2, "PAGO": 1}


def test_ads_older_than_seven_days(ledger, sweep, ad, epoch):
    week, moment = timedelta(days=7), timedelta(microseconds=1)
    for created in (epoch, epoch - week, epoch - week - moment, None):
        ledger.keep(ad("1", ad_created_at=created))
    assert sweep.old_ads == 1


def test_refusals_of_all_sweeps(ledger, sweep, new_sweep, ad):
    other = new_sweep(market=Market("BTC", "VES", Side.SELL))
    ledger.add(other)
    ledger.refuse(ad("1"), "no_price")
    ledger.refuse(ad("2"), "no_surplus")
    of_other = ad("3")
    of_other.market = other.market
    ledger.refuse(of_other, "no_price")
    assert ledger.refused == {"no_price": 2, "no_surplus": 1}
    assert (sweep.refused.total(), other.refused.total()) == (2, 1)


def test_the_sweeps_of_a_pair_open_and_closed(ledger, sweep, new_sweep):
    bids = new_sweep(market=Market("USDT", "VES", Side.BUY))
    ledger.add(bids)
    ledger.add(new_sweep(market=Market("BTC", "VES", Side.SELL)))
    ledger.close(sweep)
    assert ledger.pair(Pair("USDT", "VES")) == {Side.BUY: bids, Side.SELL: sweep}
    assert ledger.pair(Pair("BTC", "BOB")) == {}
