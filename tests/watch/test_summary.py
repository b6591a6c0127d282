from dataclasses import MISSING, fields
from datetime import timedelta
from typing import Any, get_origin

import pytest

from items import BatchRecord, Deferral, LaneBudget, Status
from p2p_scrapy.watch.summary import share, summary_line

NOTHING = {int: 0, str: "", bool: False}
EMPTY: dict[str, Any] = {
    field.name: field.type() if get_origin(field.type) in (list, dict) else NOTHING.get(field.type)
    for field in fields(BatchRecord)
    if field.default is MISSING and field.default_factory is MISSING
}
"""A record of nothing: zeros, and empty lists and dictionaries."""


@pytest.fixture
def record(started_at):
    figures = {
        "started_at": started_at,
        "ended_at": started_at + timedelta(seconds=245),
        "status": Status.PARTIAL,
        "planned": 12,
        "complete": 8,
        "partial": 2,
        "failed": 1,
        "unread": ["USDT/VES SELL"],
        "ads": {"buy": 1234, "sell": 56789},
        "old_ads": 4321,
        "negative_spreads": 3,
        "completeness": 0.99999,
        "refused": {"no_price": 1000, "no_surplus": 1},
        "requests": {"sent": 4321, "http_200": 4000},
    }
    return BatchRecord(**(EMPTY | figures))


def test_a_batch_in_one_line(record):
    assert summary_line(record) == (
        "batch of 2026-06-05 13:30:00 UTC partial | "
        "8 of 12 markets complete, 2 partial, 1 failed, 1 unread | "
        "1,234 bids, 56,789 asks | 1,001 refused | 4,321 ads older than 7 days | "
        "3 pairs with a negative spread | 4,321 requests in 4 min 05 s | "
        "completeness 99.99 %, coverage -"
    )


def test_how_many_markets_were_put_off(record):
    record.deferred = [
        Deferral("cold", 2, {"VES": "BTC SELL, BTC BUY"}),
        Deferral("no_room", 1, {"BOB": "BTC SELL"}),
    ]
    assert "1 failed, 1 unread, 3 deferred |" in summary_line(record)


def test_why_it_ended_early(record):
    record.stopped = "SIGTERM"
    assert summary_line(record).endswith(" | ended early: SIGTERM")


def test_a_batch_that_never_asked(record):
    record.requests = {}
    assert " | 0 requests in " in summary_line(record)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ((100, 25, 31, 2), "lane direct from 100 a minute to 31, 25 at the lowest, pauses: 2"),
        ((100, 50, 50, 1), "lane direct from 100 a minute to 50, pauses: 1"),
        ((100, 100, 160, 0), "lane direct from 100 a minute to 160"),
        ((10, 10, 10, 3), "lane direct from 10 a minute to 10, pauses: 3"),
    ],
)
def test_a_budget_that_has_changed_is_told(record, budget, said):
    record.budget = {"direct": LaneBudget(*budget, answers=900)}
    assert f" in 4 min 05 s | {said} | completeness" in summary_line(record)


def test_a_budget_that_has_not_changed_is_not(record):
    record.budget = {"direct": LaneBudget(100, 100, 100, 0, 900)}
    assert "lane" not in summary_line(record)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (1.0, "100 %"),
        (0.999999, "99.99 %"),
        (0.5, "50.00 %"),
        (0.12345, "12.34 %"),
        (0.0, "0.00 %"),
    ],
)
def test_a_share_is_never_rounded_up(value, text):
    assert share(value) == text


def test_a_share_of_whole_hundredths_of_a_percent_is_exact():
    wrong = [each for each in range(10_000) if share(each / 10_000) != f"{each / 100:.2f} %"]
    assert wrong == []
