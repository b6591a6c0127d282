"""Sweeps as they look when they are closed, and records of batches."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from items import BatchRecord, Market, Side, Status
from p2p_scrapy.binance.reading import Page
from p2p_scrapy.census.evidence import Look
from p2p_scrapy.census.open_sweep import OpenSweep

STARTED_AT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def started_at() -> datetime:
    return STARTED_AT


@pytest.fixture(scope="session")
def book() -> Callable[..., OpenSweep]:
    """A sweep of USDT/VES with these prices, begun and ended so many seconds after the start."""

    def build(
        side: Side, *prices: float, begun: float = 0, ended: float = 1, **more: Any
    ) -> OpenSweep:
        market, ended_at = Market("USDT", "VES", side), STARTED_AT + timedelta(seconds=ended)
        page = Page(market, 1, len(prices), ended_at, [])
        return OpenSweep(
            market,
            "direct",
            STARTED_AT + timedelta(seconds=begun),
            looks=more.pop("looks", {1: Look(page, STARTED_AT)}),
            prices=list(prices),
            kept=more.pop("kept", len(prices)),
            methods=Counter(more.pop("methods", {})),
            **more,
        )

    return build


@pytest.fixture(scope="session")
def record() -> Callable[..., BatchRecord]:
    """A batch's record: begun so many minutes after the first, and so many seconds long."""

    def build(
        minutes: float = 0, seconds: float = 100, status: Status = Status.COMPLETED, **more: Any
    ) -> BatchRecord:
        started_at = STARTED_AT + timedelta(minutes=minutes)
        given = {
            "batch_id": f"batch-{minutes}", "started_at": started_at,
            "ended_at": started_at + timedelta(seconds=seconds), "status": status,
            "interval_seconds": 600, "sample": False, "scope": {}, "catalogue": "exchange",
            "planned": 4, "complete": 4, "partial": 0, "failed": 0, "unread": [],
            "unknown_fiats": [], "shortfalls": [], "slow": [], "ads": {"buy": 1, "sell": 2},
            "old_ads": 0, "negative_spreads": 0, "completeness": 1.0, "coverage": 0.5,
            "refused": {}, "changes": {}, "requests": {}, "errors": {}, "alerts": [],
            "stopped": None,
        }  # fmt: skip
        return msgspec.convert(given | more, BatchRecord)

    return build
