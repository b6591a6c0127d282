"""A batch that reads one market, the pipelines of a crawl that runs it, and ads."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import BaseSettings

from items import AD_COLUMNS, Ad, Market, Side, UnreadableAd
from p2p_scrapy import journal
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.clock import SystemClock
from p2p_scrapy.config import Config
from p2p_scrapy.watch.alerts import Alerts

SEEN_AT = datetime(2026, 6, 5, 13, 30, 4, tzinfo=UTC)
MARKET = Market("USDT", "VES", Side.SELL)


@pytest.fixture
def new_batch(tmp_path: Path) -> Iterator[Callable[..., Batch]]:
    """Open a batch with these settings, in which the market's first page is being read."""
    opened: list[Batch] = []

    def build(data_dir: Path = tmp_path / "data", **settings: Any) -> Batch:
        config = Config.from_settings(BaseSettings({"P2P_DATA_DIR": str(data_dir), **settings}))
        clock = SystemClock()
        batch = Batch.open(
            config,
            Scope(),
            clock,
            random.Random(1),
            width=16,
            alarm=lambda start, failures: Alerts(data_dir / "alerts", clock.now, start, failures),
        )
        opened.append(batch)
        batch.ledger.add(OpenSweep(MARKET, "direct", clock.now(), outstanding=1))
        return batch

    yield build
    for batch in opened:
        batch.journal.close()
        batch.lock.release()


@pytest.fixture
def batch(new_batch: Callable[..., Batch]) -> Batch:
    return new_batch()


@pytest.fixture(scope="session")
def of_crawl() -> Callable[..., Any]:
    """A pipeline as Scrapy makes it in a crawl whose spider runs the batch."""

    def build(pipeline: Any, batch: Batch) -> Any:
        return pipeline.from_crawler(SimpleNamespace(spider=SimpleNamespace(batch=batch)))

    return build


@pytest.fixture(scope="session")
def ad() -> Callable[..., Ad]:
    """A sound ad of the market, with these columns changed."""

    def build(**columns: Any) -> Ad:
        market = columns.pop("market", MARKET)
        values = dict.fromkeys(AD_COLUMNS) | {
            "trade_type": "SELL",
            "adv_no": "13908303176808550400",
            "asset": "USDT",
            "fiat": "VES",
            "price": 58.1,
            "surplus_amount": 119.03,
            "min_amount": 40.0,
            "max_amount": 4000.0,
            "month_order_count": 21,
            "month_finish_rate": 0.914,
            "observed_at": SEEN_AT,
            "rank": 1,
            "page": 1,
            "is_promoted": False,
        }
        return Ad(**(values | columns), market=market, raw=b'{"adv": {"price": "58.10"}}')

    return build


@pytest.fixture(scope="session")
def unreadable() -> UnreadableAd:
    return UnreadableAd(MARKET, 1, SEEN_AT, "Expected `object`, got `str`", b'"x"')


@pytest.fixture
def journaled() -> Callable[[Batch, str], list[Any]]:
    """What a batch's journal holds of a kind."""
    return lambda batch, kind: [
        payload for each, payload in journal.read(batch.journal.path) if each == kind
    ]
