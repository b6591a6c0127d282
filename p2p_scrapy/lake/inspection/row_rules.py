"""The rules that look at one row alone (product page, section 5)."""

from math import inf

import pyarrow.compute as pc

from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.check import Check
from p2p_scrapy.lake.inspection.rule import Rule

_RATES = ("month_finish_rate", "positive_rate", "user_positive_rate")


def _null(check: Check, column: str) -> Rule:
    return Rule(check, f"{column} is null", (column,), pc.field(column).is_null())


def _outside(column: str) -> Rule:
    rate = pc.field(column)
    within = (rate >= 0.0) & (rate <= 1.0)  # neither is true of what is no number
    return Rule(catalogue.RATES, f"{column} is outside 0 to 1", (column,), ~within)


_price = pc.field("price")
_surplus = pc.field("surplus_amount")

ROW_RULES: tuple[Rule, ...] = (
    _null(catalogue.NULLS, "price"),
    _null(catalogue.NULLS, "adv_no"),
    _null(catalogue.NULLS, "advertiser_no"),
    Rule(
        catalogue.PRICES,
        "price is 0, negative or no number",
        ("price",),
        ~(_price > 0.0) | (_price == inf),
    ),
    _null(catalogue.SURPLUS, "surplus_amount"),
    Rule(
        catalogue.SURPLUS,
        "surplus_amount is negative or no number",
        ("surplus_amount",),
        ~(_surplus >= 0.0) | (_surplus == inf),
    ),
    Rule(catalogue.ZERO_SURPLUS, "surplus_amount is 0", ("surplus_amount",), _surplus == 0.0),
    Rule(
        catalogue.EMPTY_ADV_NO,
        "adv_no is empty",
        ("adv_no",),
        pc.utf8_trim_whitespace(pc.field("adv_no")) == "",
    ),
    Rule(
        catalogue.ZERO_FINISH_RATE,
        "month_finish_rate is 0, month_order_count is not",
        ("month_finish_rate", "month_order_count"),
        (pc.field("month_finish_rate") == 0.0) & (pc.field("month_order_count") > 0),
    ),
    Rule(
        catalogue.LIMITS,
        "min_amount is above max_amount",
        ("min_amount", "max_amount"),
        pc.field("min_amount") > pc.field("max_amount"),
    ),
    *(_outside(column) for column in _RATES),
)
