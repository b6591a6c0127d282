"""400: brings the warehouse up to the lake, once a batch is closed; ads only pass through here."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from items import Ad
from p2p_scrapy import signals
from p2p_scrapy.errors import DatabaseLostError, LoaderBusyError, WarehouseError
from p2p_scrapy.in_time import in_time
from p2p_scrapy.parsing import NO_DATABASE
from p2p_scrapy.watch.metrics.load import Load

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from p2p_scrapy.census.batch import Batch
    from p2p_scrapy.warehouse.outcome import Outcome

logger = logging.getLogger(__name__)

ATTEMPTS = 4
"""The first, and three more where the database is lost (docs/troubles.md)."""
FIRST_PAUSE = 1.0
"""Real seconds before the second attempt, doubled before each further one."""
LOAD_SECONDS = 120.0
"""Real seconds after which no further waiting batch is begun."""
ENDING_SECONDS = 10.0
"""The same where the process was asked to end."""
PATIENCE_SECONDS = 240.0
"""Real seconds after which a database that does not answer at all is left to itself."""
REBUILD_AT_MOST = 12
"""Batches that are replayed to fill a hole after a crawl; more are left to scrapy backfill."""


class PostgresPipeline:
    """Loads closed batches from the lake, so that live loading and backfill are one way.

    It runs when the crawl is over and the next batch may start: it never holds an ad up. Whatever
    goes wrong with the database costs nothing but an alert; what waits is loaded later.
    """

    def __init__(self, crawler: "Crawler", batch: "Batch") -> None:
        self._batch = batch
        self._signals = crawler.signals
        self._load = Load(batch.config.data_dir, closed=1)
        crawler.signals.connect(self.batch_closed, signal=signals.batch_closed)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Take the batch that the crawl's spider runs.

        Raises:
            NotConfigured: PostgreSQL is switched off, or the batch is a sample.
        """
        batch: Batch = crawler.spider.batch  # type: ignore[union-attr]
        if batch.config.database_url == NO_DATABASE or batch.scope.is_sample:
            raise NotConfigured
        return cls(crawler, batch)

    def process_item(self, item: Ad) -> Ad:
        """Pass an ad on."""
        return item

    async def batch_closed(self, is_ending: Callable[[], bool]) -> None:
        """Load what waits, the batch that has just been closed at last."""
        began = time.monotonic()

        def has_time() -> bool:
            seconds = ENDING_SECONDS if is_ending() else LOAD_SECONDS
            return time.monotonic() - began < seconds

        try:
            outcome = await self._in_time(has_time)
        except LoaderBusyError as error:
            logger.info("Warehouse: %s", error)
        except WarehouseError as error:
            self._fail("database_lost", f"{error}; the batch waits in the lake", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the batch is in the lake
            self._fail("defect", f"the warehouse could not be loaded: {error!r}", error)
        else:
            self._tell(outcome)
        await self._signals.send_catch_log_async(signal=signals.batch_loaded, load=self._load)

    async def _in_time(self, has_time: Callable[[], bool]) -> "Outcome":
        try:
            return await in_time(lambda: self._try(has_time), PATIENCE_SECONDS, "warehouse")
        except TimeoutError as error:
            message = f"the database does not answer for {PATIENCE_SECONDS:.0f} s"
            raise DatabaseLostError(message) from error

    def _fail(self, kind: str, sentence: str, error: Exception) -> None:
        self._load.fail()
        self._batch.alerts.call(kind, sentence, error)

    def _tell(self, outcome: "Outcome") -> None:
        for sentence in outcome.left:
            logger.warning("Warehouse: %s", sentence)
        for sentence in outcome.damaged:
            self._batch.alerts.call("batch_damaged", sentence)

    def _try(self, has_time: Callable[[], bool]) -> "Outcome":
        """Try until it works, or the attempts or the time are spent.

        Raises:
            WarehouseError: it did not work.
        """
        pause = FIRST_PAUSE
        for _ in range(ATTEMPTS - 1):
            try:
                return self._catch_up(has_time)
            except DatabaseLostError as error:
                if not has_time():
                    raise
                self._load.fail()
                logger.warning("Warehouse: %s; trying again in %.0f s", error, pause)
            time.sleep(pause)
            pause *= 2
        return self._catch_up(has_time)

    def _catch_up(self, has_time: Callable[[], bool]) -> "Outcome":
        # A crawl without a database should not carry what only a database needs.
        from p2p_scrapy.warehouse.database import database  # noqa: PLC0415
        from p2p_scrapy.warehouse.loader import loader  # noqa: PLC0415
        from p2p_scrapy.warehouse.quality import Thresholds  # noqa: PLC0415
        from p2p_scrapy.warehouse.turn import IN_A_HURRY  # noqa: PLC0415

        config = self._batch.config
        thresholds = Thresholds.from_config(config)
        with (
            database(config) as dsn,
            loader(dsn, config.data_dir, thresholds, IN_A_HURRY) as warehouse,
        ):
            warehouse.on_loaded.append(self._load.add)
            self._load.begin()
            outcome = warehouse.catch_up(go_on=has_time, rebuild_at_most=REBUILD_AT_MOST)
            if outcome.loaded and has_time():
                warehouse.retire(self._batch.clock.now(), config.retention_days, has_time)
            self._load.succeed(dsn)
            return outcome
