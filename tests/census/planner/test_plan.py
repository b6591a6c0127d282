from p2p_scrapy.census.planner import Plan


def names(units):
    return [int(market.asset[1:]) for unit in units for market in unit]


def test_a_plan_of_everything_is_firm(prospect, pace, epoch):
    known = [prospect(1, 1), prospect(2, 3), prospect(3, age=None), prospect(4, 1, age=3000)]
    plan = Plan.of_everything(known, pace, epoch, 100)
    assert names([plan.firm]) == [3, 4, 2, 1]
    assert (plan.deferred, plan.holds, plan.needs) == ({}, None, 6)
    assert names(plan.units({})) == [3, 4, 2, 1]


def test_with_a_window_new_markets_go_first_but_are_not_firm(prospect, pace, epoch):
    known = [prospect(1, 1), prospect(2, 3), prospect(3, age=None)]
    plan = Plan.of_window(known, pace, epoch, budget=100, holds=50)
    assert names([plan.firm]) == [2, 1]
    assert plan.deferred == {prospect(3).market: "no_room"}
    assert (plan.holds, plan.needs) == (50, 5)
    assert names(plan.units({})) == [3, 2, 1]


def test_late_in_a_window_no_new_market_is_begun(prospect, pace, epoch):
    known = [prospect(1, 1), prospect(2, 3), prospect(3, age=None)]
    plan = Plan.of_window(known, pace, epoch, budget=100, holds=50)
    assert names(plan.units({prospect(2).market: None}, with_new=False)) == [1]


def test_what_is_planned_and_not_begun_is_still_to_come(prospect, pace, epoch):
    known = [prospect(1, 7), prospect(2, 3), prospect(3, age=None), prospect(4, age=None)]
    plan = Plan.of_window(known, pace, epoch, budget=100, holds=50)
    assert plan.to_come({}, usual=2.5) == 7 + 3 + 2 * 2.5
    assert plan.to_come({prospect(n).market: None for n in (1, 4)}, usual=2.5) == 3 + 2.5


def test_where_there_is_time_the_others_follow_the_longest_unread_first(prospect, pace, epoch):
    known = [prospect(n, 2, age=100 + n) for n in range(10)]
    plan = Plan.of_window(known, pace, epoch, budget=100, holds=10)
    assert names([plan.firm]) == [6, 7, 8, 9]
    assert set(plan.deferred.values()) == {"cold"}
    assert names(plan.units({})) == [6, 7, 8, 9, 5, 4, 3, 2, 1, 0]


def test_at_the_very_end_no_large_book_is_begun_beyond_the_plan(prospect, pace, epoch):
    known = [prospect(1, 8, age=900), prospect(2, 5), prospect(3, 4), prospect(4, 1)]
    plan = Plan.of_window(known, pace, epoch, budget=100, holds=9)
    assert names([plan.firm]) == [1]
    assert names(plan.units({}, with_large=False)) == [1, 3, 4]
