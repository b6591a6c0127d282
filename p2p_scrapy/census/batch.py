"""A running batch: everything its parts share, from its opening to its record."""

import asyncio
import logging
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Self

from items import Ad, BatchRecord, Market
from p2p_scrapy.binance.drift import Drift
from p2p_scrapy.binance.reading import PageReader
from p2p_scrapy.browser.road import Road
from p2p_scrapy.budget.accounts import Accounts
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.census import recovery
from p2p_scrapy.census.agenda import Agenda
from p2p_scrapy.census.alarm import Alarm
from p2p_scrapy.census.batch_journal import BatchJournal
from p2p_scrapy.census.catalogue import Catalogue
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.census.dispatch import Ask, Dispatcher
from p2p_scrapy.census.folder import FolderLock, prove_writable
from p2p_scrapy.census.history import History
from p2p_scrapy.census.ledger import Ledger
from p2p_scrapy.census.open_sweep import Entry, OpenSweep
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.census.time_limit import TimeLimit
from p2p_scrapy.census.verdict import ledger_row
from p2p_scrapy.clock import Clock, whole_second
from p2p_scrapy.config import Config
from p2p_scrapy.errors import DataFolderError, DiskFullError, P2PError
from p2p_scrapy.lake.paths import BatchPaths

logger = logging.getLogger(__name__)

REFUSED_BEYOND_USUAL = 100


class Batch:
    """The state of one run; made by ``open``, ended by p2p_scrapy.life."""

    def __init__(
        self, config: Config, scope: Scope, clock: Clock, batch_id: str, width: int
    ) -> None:
        self.id = batch_id
        self.config = config
        self.scope = scope
        self.clock = clock
        self.lock = FolderLock(config.data_dir)
        self.listed: frozenset[Market] | None = None
        self.missing_fiats: list[str] = []
        self.catalogue_source = "exchange"
        self.errors: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.failure: P2PError | None = None
        self.record: BatchRecord | None = None
        self.recovered: list[str] = []
        self.is_told_to_end = False
        self.on_outcome: list[Callable[[Ask, str], None]] = []
        self.ledger = Ledger()
        self.ledger.on_settled.append(self._sweep_settled)
        self.lanes = Lanes.of(config)
        self.road = Road(config.transport)
        self.dispatcher = Dispatcher(clock, self.lanes, width)

    @classmethod
    def open(  # noqa: PLR0913 - what a run is made of, all of it injected
        cls,
        config: Config,
        scope: Scope,
        clock: Clock,
        rng: random.Random,
        *,
        width: int,
        alarm: Callable[[datetime, int], Alarm],
    ) -> Self:
        """Prove the folder, take its lock, recover what a killed batch left, and begin.

        ``width`` is how many questions may be on the wire at a time; ``alarm`` makes what raises
        the alerts of a batch, by its start and the number of batches that failed before it.

        Raises:
            DataFolderError: the folder cannot be written.
            BatchRunningError: another batch runs in it.
        """
        batch_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        batch = cls(config, scope, clock, batch_id, width)
        prove_writable(config.data_dir)
        batch.lock.acquire()
        try:
            batch.recovered = recovery.recover(config, clock)
            batch._begin(alarm)
        except OSError as error:
            batch.lock.release()
            hint = "free or fix it; nothing that was collected is lost"
            raise DataFolderError(f"{config.data_dir} cannot be used: {error}; {hint}") from error
        return batch

    def _begin(self, alarm: Callable[[datetime, int], Alarm]) -> None:
        self.checkpoint = Checkpoint.load(self.config.data_dir)
        self.catalogue = Catalogue.load(self.config.data_dir)
        self.limit = TimeLimit(self.config.window_seconds, self.clock)
        self.history = History.load(self.config.data_dir, self.clock.now())
        self.started_at = self._free_second()
        self.paths = BatchPaths(self.config.data_dir, self.started_at, self.scope.is_sample)
        self.alerts = alarm(self.started_at, self.checkpoint.consecutive_failures)
        self.drift = Drift(lambda news: self.alerts.add("answers_changed", news))
        self.reader = PageReader(self.id, self.started_at, self.drift)
        self.accounts = Accounts(self.config.data_dir, self.config.base_url, self.clock)
        for lane in self.lanes:
            self.accounts.open(lane)
        self.journal = BatchJournal(self.paths.journal, on_full=self._stop_for_want_of_room)
        self.journal.begin(self.id, self.started_at, self.scope, self.config.interval_seconds)
        self.agenda = Agenda(on_planned=self._note_plan)

    def _free_second(self) -> datetime:
        """The batch's start; batches are named by the second, so each has one of its own."""
        while True:
            now = whole_second(self.clock.now())
            paths = BatchPaths(self.config.data_dir, now, self.scope.is_sample)
            if not paths.manifest.exists():
                return now
            time.sleep(0.05)

    def tell_outcome(self, ask: Ask, outcome: str) -> None:
        """Tell what came of a question: ``ok``, or the kind of its trouble."""
        for listener in self.on_outcome:
            listener(ask, outcome)

    @property
    def unread(self) -> list[Market]:
        """Planned markets that were never asked."""
        return [market for market in self.agenda.planned if market not in self.ledger.sweeps]

    def take_up(self, sweep: OpenSweep) -> None:
        """Enter a sweep that begins."""
        self.ledger.add(sweep)
        self.agenda.take_up(sweep.market)

    def note_read(self, sweep: OpenSweep) -> None:
        """Take down what is known of a sweep whose ads are about to go into the pipelines.

        Raises:
            DiskFullError: there is no room; the batch is stopped.
        """
        self.journal.add_read(ledger_row(sweep, self.id))

    def keep(self, ad: Ad) -> None:
        """Write an ad to the journal: from here on it outlives the process.

        Raises:
            DiskFullError: there is no room; the batch is stopped.
        """
        self.journal.add_ad(ad)
        self.ledger.keep(ad)

    def refuse(self, entry: Entry, reason: str) -> None:
        """Write a refused ad to the journal, whole."""
        self.journal.add_refusal(entry, reason)
        self.ledger.refuse(entry, reason)
        refused = self.ledger.refused
        if refused.total() - self.history.refused > REFUSED_BEYOND_USUAL:
            reasons = ", ".join(f"{count} {each}" for each, count in refused.items())
            usual = f"{self.history.refused:.0f} as usual"
            self.alerts.call("refused_ads", f"{refused.total()} ads refused, {usual}: {reasons}")

    def fail(self, error: P2PError) -> None:
        """End the batch early for a reason that makes going on pointless."""
        if self.failure is None:
            self.failure = error
            logger.error("%s", error)
        self.dispatcher.stop(str(error))

    @property
    def is_paused(self) -> bool:
        """Whether no lane may ask anything just now."""
        now = self.clock.monotonic()
        return all(lane.is_paused(now) for lane in self.lanes.usable)

    def drain(self, reason: str, grace: float) -> None:
        """Begin no further sweep; what is not read in ``grace`` real seconds is given up."""
        self.is_told_to_end = True
        self.dispatcher.drain(reason)
        if self.is_paused:
            self.dispatcher.stop(reason)
        asyncio.get_running_loop().call_later(grace, self.dispatcher.stop, reason)

    def close_sweeps(self) -> None:
        """Close the sweeps that are still open, as they stand, and then the journal."""
        for sweep in list(self.ledger.open.values()):
            self.ledger.close(sweep)
        self.journal.close()

    def _stop_for_want_of_room(self, error: DiskFullError) -> None:
        self.alerts.call("disk_full", str(error), error)
        self.fail(error)

    def _note_plan(self, markets: list[Market]) -> None:
        with suppress(DiskFullError):  # the batch is ending then
            self.journal.add_plan(markets)

    def _sweep_settled(self, sweep: OpenSweep) -> None:
        row = sweep.close(self.id)
        self.ledger.rows.append(row)
        with suppress(DiskFullError):  # the batch is ending then
            self.journal.add_sweep(row)
        if row.error:
            logger.warning("%s is %s: %s", sweep.market, row.verdict, row.error)
