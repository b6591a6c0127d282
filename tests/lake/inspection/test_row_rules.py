"""Each row rule finds its own defect, and nothing else does."""

import math

import pytest

from p2p_scrapy.lake.inspection import Outcome

FAILED, WARNING = Outcome.FAILED, Outcome.WARNING


@pytest.mark.parametrize(
    ("column", "value", "defect"),
    [
        ("price", None, {"nulls": FAILED}),
        ("advertiser_no", None, {"nulls": FAILED}),
        ("adv_no", None, {"nulls": FAILED}),
        ("adv_no", "", {"empty_adv_no": FAILED}),
        ("adv_no", " \t", {"empty_adv_no": FAILED}),
        ("price", 0.0, {"prices": FAILED}),
        ("price", -1.0, {"prices": FAILED}),
        ("price", math.nan, {"prices": FAILED}),
        ("price", math.inf, {"prices": FAILED}),
        ("surplus_amount", None, {"surplus": FAILED}),
        ("surplus_amount", -0.5, {"surplus": FAILED}),
        ("surplus_amount", math.nan, {"surplus": FAILED}),
        ("surplus_amount", 0.0, {"zero_surplus": WARNING}),
        ("month_finish_rate", 0.0, {"zero_finish_rate": WARNING}),
        ("min_amount", 1000.5, {"limits": FAILED}),
        ("month_finish_rate", 98.0, {"rates": FAILED}),
        ("positive_rate", -0.1, {"rates": FAILED}),
        ("user_positive_rate", math.nan, {"rates": FAILED}),
    ],
)
def test_a_defect_is_found_in_its_row(lake, inspect, troubles, *, column, value, defect):
    path = lake.snapshot(change=lambda rows: rows[4].update({column: value}))
    report = inspect(path)
    assert troubles(report) == defect
    (finding,) = report.tallies.named(*defect).findings
    assert finding.path == path
    assert column in finding.what
    assert [row.number for row in finding.rows] == [4]
    assert finding.rows[0].subject == (value if column == "adv_no" else "BOBUSDTSELL5")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("month_order_count", 0),
        ("month_finish_rate", None),
        ("min_amount", 1000.0),
        ("max_amount", None),
        ("positive_rate", 0.0),
        ("price", 1e-9),
    ],
)
def test_what_may_be_passes(lake, inspect, troubles, column, value):
    def change(rows):
        rows[4][column] = value
        if column == "month_order_count":
            rows[4]["month_finish_rate"] = 0.0

    assert troubles(inspect(lake.snapshot(change=change))) == {}


def test_only_the_first_rows_are_named_and_all_are_counted(lake, inspect):
    def change(rows):
        for row in rows:
            row["price"] = None

    (finding,) = inspect(lake.snapshot(change=change)).tallies.named("nulls").findings
    assert (finding.row_count, [row.number for row in finding.rows]) == (27, [0, 1, 2, 3, 4])
