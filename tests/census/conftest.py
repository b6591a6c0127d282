"""A clock that runs only as far as somebody waits, and ads, pages and sweeps built by hand."""

import asyncio
import heapq
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import BaseSettings

from items import AD_COLUMNS, Ad, Market, Side, UnreadableAd
from p2p_scrapy.binance.reading import Page
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.evidence import Look
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.config import Config
from p2p_scrapy.watch.alerts import Alerts

EPOCH = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
MARKET = Market("USDT", "VES", Side.SELL)


class ManualClock:
    """Stands still until somebody waits; then it jumps to whatever comes first.

    ``at`` makes something happen at a moment; a wait that nothing can end is an error at once.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()
        self._spins = 0

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def at(self, moment: float, happens: Callable[[], object]) -> None:
        heapq.heappush(self._events, (moment, next(self._numbers), happens))

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        end = None if seconds is None else self.seconds + seconds
        while not event.is_set():
            if self._events and (end is None or self._events[0][0] <= end):
                moment, _, happens = heapq.heappop(self._events)
                self.seconds = max(self.seconds, moment)
                happens()
            elif end is None:
                raise AssertionError("nothing will ever end this wait")
            else:
                self._spins = 0 if end > self.seconds else self._spins + 1
                assert self._spins < 100, "waits for nothing, again and again"
                self.seconds = end
                return


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def new_clock() -> Callable[[], ManualClock]:
    return ManualClock


@pytest.fixture(scope="session")
def epoch() -> datetime:
    return EPOCH


@pytest.fixture(scope="session")
def market() -> Market:
    return MARKET


@pytest.fixture(scope="session")
def ad() -> Callable[..., Ad]:
    """An ad of the market; columns that are not named are None."""

    def build(adv_no: str | None, *, promoted: bool = False, **columns: Any) -> Ad:
        values = dict.fromkeys(AD_COLUMNS) | {
            "adv_no": adv_no,
            "trade_type": "SELL",
            "asset": "USDT",
            "fiat": "VES",
            "observed_at": EPOCH,
            "is_promoted": promoted,
            "rank": None if promoted else 1,
            "page": 1,
        }
        return Ad(**(values | columns), market=MARKET, raw=b"{}")

    return build


@pytest.fixture(scope="session")
def unreadable() -> UnreadableAd:
    return UnreadableAd(MARKET, 1, EPOCH, "no object", b"0")


@pytest.fixture(scope="session")
def page() -> Callable[..., Page]:
    """A page of the market, that arrived so many seconds after the beginning."""

    def build(entries: list[Any], *, number: int = 1, total: Any = None, at: float = 0) -> Page:
        arrived_at = EPOCH + timedelta(seconds=at)
        for entry in entries:
            entry.page, entry.observed_at = number, arrived_at
        return Page(MARKET, number, total, arrived_at, entries)

    return build


@pytest.fixture(scope="session")
def look(page: Callable[..., Page], ad: Callable[..., Ad]) -> Callable[..., Look]:
    """A look at a page that was asked for a third of a second before it came; texts become ads."""

    def build(entries: list[Any], **of_page: Any) -> Look:
        seen = page([ad(each) if isinstance(each, str) else each for each in entries], **of_page)
        return Look(seen, seen.observed_at - timedelta(seconds=0.3))

    return build


@pytest.fixture(scope="session")
def take() -> Callable[[OpenSweep, Page], None]:
    """Let a sweep take a page that was asked for a third of a second before it came."""
    return lambda sweep, page: sweep.take(page, page.observed_at - timedelta(seconds=0.3))


@pytest.fixture(scope="session")
def new_sweep() -> Callable[..., OpenSweep]:
    """A sweep whose first page was asked for."""

    def build(**fields: Any) -> OpenSweep:
        sweep = OpenSweep(fields.pop("market", MARKET), "direct", EPOCH, **fields)
        sweep.asked.add(1)
        sweep.outstanding = 1
        return sweep

    return build


@pytest.fixture
def config() -> Callable[..., Config]:
    """The settings, all at their defaults but those named."""
    return lambda **settings: Config.from_settings(BaseSettings(settings))


@pytest.fixture(scope="session")
def read(ad, page, take):
    """Reads pages into a sweep, and lets everything it passes on be kept."""

    def read_pages(sweep, *pages, fate="kept"):
        for number, (total, entries) in enumerate(pages, start=1):
            sweep.asked.add(number)
            built = [ad(each) if isinstance(each, str) else each for each in entries]
            take(sweep, page(built, number=number, total=total, at=number))
        sweep.outstanding = 0
        passed = list(sweep.release())
        setattr(sweep, fate, getattr(sweep, fate) + len(passed))
        return passed

    return read_pages


@pytest.fixture
def open_batch(tmp_path: Path, clock: ManualClock) -> Iterator[Callable[..., Batch]]:
    """Open a batch by the manual clock, with these P2P_ settings."""
    opened: list[Batch] = []

    def build(**given: Any) -> Batch:
        settings = {f"P2P_{name}": str(value) for name, value in given.items()}
        config = Config.from_settings(BaseSettings({"P2P_DATA_DIR": str(tmp_path), **settings}))
        alarm = partial(Alerts, tmp_path / "alerts", clock.now)
        batch = Batch.open(config, Scope(), clock, random.Random(1), width=16, alarm=alarm)
        opened.append(batch)
        return batch

    yield build
    for batch in opened:
        batch.journal.close()
        batch.lock.release()
