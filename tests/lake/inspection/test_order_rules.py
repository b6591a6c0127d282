"""The order of rows, and ads that come again."""

from p2p_scrapy.lake.inspection import Outcome


def swap(first, second):
    def change(rows):
        rows[first], rows[second] = rows[second], rows[first]

    return change


def offending(report, check):
    return [row.number for row in report.tallies.named(check).findings[0].rows]


def test_a_rank_out_of_order_is_found(lake, inspect, troubles):
    report = inspect(lake.snapshot(change=swap(2, 3)))
    assert troubles(report) == {"row_order": Outcome.FAILED}
    assert offending(report, "row_order") == [3]


def test_a_promoted_ad_before_the_ranked_ones_is_found(lake, inspect, troubles):
    report = inspect(lake.snapshot(change=lambda rows: rows.insert(0, rows.pop(8))))
    assert troubles(report) == {"row_order": Outcome.FAILED}
    assert offending(report, "row_order") == [1]


def test_fiat_goes_before_asset(lake, inspect, troubles):
    def by_asset(rows):
        rows.sort(key=lambda row: row["asset"])

    report = inspect(lake.snapshot(change=by_asset))
    assert troubles(report) == {"row_order": Outcome.FAILED}
    assert offending(report, "row_order") == [9]


def test_two_promoted_ads_and_equal_ranks_are_in_order(lake, inspect, troubles):
    def change(rows):
        rows.insert(9, rows[8] | {"adv_no": "another"})
        rows[1]["rank"] = rows[0]["rank"]

    assert troubles(inspect(lake.snapshot(change=change))) == {}


def test_an_ad_that_comes_again_is_found_where_it_does(lake, inspect, troubles):
    def change(rows):
        rows[5]["adv_no"] = rows[20]["adv_no"] = rows[1]["adv_no"]

    report = inspect(lake.snapshot(change=change))
    assert troubles(report) == {"repeated_ads": Outcome.FAILED}
    assert offending(report, "repeated_ads") == [5, 20]


def test_ads_without_a_number_do_not_repeat_each_other(lake, inspect, troubles):
    def change(rows):
        rows[5]["adv_no"] = rows[6]["adv_no"] = ""
        rows[7]["adv_no"] = rows[1]["adv_no"] = None

    found = troubles(inspect(lake.snapshot(change=change)))
    assert set(found) == {"empty_adv_no", "nulls"}
