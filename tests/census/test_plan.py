import asyncio
import json

import pytest

from items import Market, Side
from p2p_scrapy.binance.queries import Filter
from p2p_scrapy.census.plan import Planner, bursts

VES = [Market("USDT", "VES", side) for side in Side]
BOB = [Market("USDT", "BOB", side) for side in Side]


def test_a_burst_asks_for_the_first_page_of_both_sides(new_sweep):
    begun = []

    def begin(market):
        begun.append(market)
        return new_sweep(market=market)

    sizes = {VES[0]: 3}
    plan = bursts([VES, [BOB[0]]], Filter(pay_types=("BANK",)), begin, lambda m: sizes.get(m, 0))
    assert begun == []
    burst = next(plan)
    assert begun == VES
    assert [(ask.sweep.market, ask.page, ask.query.subject) for ask in burst] == [
        (VES[0], 1, "USDT/VES BUY page 1"),
        (VES[1], 1, "USDT/VES SELL page 1"),
    ]
    assert [ask.holds for ask in burst] == [3, 0]
    body = json.loads(burst[0].query.body)
    assert (body["tradeType"], body["page"], body["payTypes"]) == ("SELL", 1, ["BANK"])
    assert [[ask.query.subject for ask in each] for each in plan] == [["USDT/BOB BUY page 1"]]


@pytest.fixture
def drawn(open_batch, new_sweep, monkeypatch):
    """How many of 100 unknown markets are to begin: at first, and at each moment of the end."""

    def keep_time(budget):
        batch = open_batch(WINDOW_SECONDS=450, REQUESTS_PER_MINUTE=budget)
        counts = []
        monkeypatch.setattr(
            batch.dispatcher, "plan", lambda plan: counts.append(sum(map(len, plan)))
        )
        planner = Planner(batch, lambda market: new_sweep(market=market))
        planner.plan([Market(f"A{number}", "VES", Side.SELL) for number in range(100)])
        asyncio.run(planner.keep_time())
        return counts

    return keep_time


@pytest.mark.parametrize(("budget", "late"), [(67, 100), (66, 0)])
def test_unknown_markets_are_begun_late_where_all_of_them_fit(drawn, budget, late):
    """In the last 180 s a lane has three turns, and each market may take two requests."""
    assert drawn(budget) == [100, late, 0, 0]


@pytest.mark.parametrize(("budget", "held"), [(6, 2), (5, 1), (4, 1), (3, 0), (1, 0)])
def test_the_budget_is_held_for_some_pages_of_an_unknown_market(
    open_batch, new_sweep, monkeypatch, budget, held
):
    """No more than lets both sides of a pair leave together."""
    batch = open_batch(REQUESTS_PER_MINUTE=budget, REQUESTS_PER_MINUTE_MIN=1)
    plans = []
    monkeypatch.setattr(batch.dispatcher, "plan", plans.extend)
    Planner(batch, lambda market: new_sweep(market=market)).plan(VES)
    assert [ask.holds for ask in plans[0]] == [held, held]
