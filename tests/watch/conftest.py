"""Sweeps as they look when they are closed."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from items import Market, Side
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
