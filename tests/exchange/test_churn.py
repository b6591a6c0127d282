from random import Random

import pytest

from p2p_scrapy.exchange import ExchangeOptions
from p2p_scrapy.exchange.churn import Churn
from p2p_scrapy.exchange.clock import LapsingClock
from p2p_scrapy.exchange.entry import render
from p2p_scrapy.exchange.truth import truth
from p2p_scrapy.exchange.world import World

START = 1_795_000_000.0


def churned(*times, share=0.1, ads=4_000):
    world = World(ExchangeOptions(ads=ads, fiats=("VES", "BOB")))
    churn = Churn(world, share, START, Random(1))
    for time in times:
        churn.advance(START + time)
    return world


def test_changes_its_share_of_the_ads_in_ten_minutes_half_of_them_prices():
    before, after = churned(), churned(600)
    old = {ad.number: ad for ad in before.ads}
    new = {ad.number: ad for ad in after.ads}
    stayed = old.keys() & new.keys()
    prices = sum(old[number].price != new[number].price for number in stayed)
    stocks = sum(old[number].stock.surplus != new[number].stock.surplus for number in stayed)
    left, entered = len(old.keys() - new.keys()), len(new.keys() - old.keys())
    assert prices + stocks + left + entered == pytest.approx(400, rel=0.1)
    assert prices == pytest.approx(200, rel=0.2)
    for other in (stocks, left, entered):
        assert other == pytest.approx(67, rel=0.35)


def test_it_does_not_matter_how_often_one_looks():
    once, often = churned(600), churned(*range(0, 601, 7), 600)
    assert truth(once) == truth(often)
    assert [render(ad) for ad in once.ads] == [render(ad) for ad in often.ads]


def test_books_stay_in_order_and_whole():
    world = churned(3_000)
    assert sum(len(book.natural) for book in world.books.values()) == len(world.ads)
    for book in world.books.values():
        ranks = [ad.rank for ad in book.natural]
        assert ranks == sorted(ranks)
        for ad in book.natural:
            assert ad.stock.least <= ad.dynamic_most <= ad.stock.most
        promotion = book.promoted_before(book.natural)
        assert promotion is None or promotion.ad not in book.natural[:20]


def test_new_ads_carry_the_time_at_which_they_entered():
    entered = [ad for ad in churned(600).ads if ad.created_ms > START * 1000 - 1]
    assert entered
    assert all(START * 1000 <= ad.created_ms <= (START + 600) * 1000 for ad in entered)


def test_a_world_that_has_run_empty_rests():
    world = World(ExchangeOptions(ads=1, markets=1))
    churn = Churn(world, 1.0, START, Random(1))
    churn.advance(START + 6_000_000)
    assert len(world.ads) >= 0
    Churn(World(ExchangeOptions(ads=0, markets=1)), 1.0, START, Random(1)).advance(START + 10)


def test_the_book_moves_with_the_exchanges_time(open_exchange, clock):
    asker = open_exchange(clock, churn=0.5)
    before = asker.exchange.book()
    assert asker.exchange.book() == before
    clock.time += 600
    asker.search()
    assert asker.get("/exchange/book").json == asker.exchange.book() != before


def test_a_changed_ad_is_rendered_again(open_exchange, clock):
    asker = open_exchange(clock, churn=1.0)
    asker.search()
    clock.time += 600
    shown = asker.search(page=2).json["data"]
    prices = {ad.number: format(ad.price, "f") for ad in asker.exchange.world.ads}
    assert all(prices[e["adv"]["advNo"]] == e["adv"]["price"] for e in shown)


def test_time_lapses_by_a_factor():
    slow, fast = LapsingClock(1.0), LapsingClock(1_000_000.0)
    assert fast.now() - slow.now() > 0
    assert fast.now() < fast.now()


def test_a_promotion_ends_when_its_ad_leaves():
    world = World(ExchangeOptions(ads=3_000))
    book = next(b for b in world.books.values() if b.promotion and b.promotion.ad in b.natural)
    world.leave(book.promotion.ad)
    assert book.promotion is None
    assert book.promoted_before(book.natural) is None
