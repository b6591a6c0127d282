"""The census itself: from an answer to ads and to the questions that follow from it."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from p2p_scrapy.binance import answers, trading
from p2p_scrapy.binance.answers import Envelope, ExchangeError, UnreadableError
from p2p_scrapy.binance.queries import Kind
from p2p_scrapy.census import trouble
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.discovery import Discovery, DiscoveryError
from p2p_scrapy.census.dispatch import Ask, Burst
from p2p_scrapy.census.open_sweep import Entry
from p2p_scrapy.census.plan import Planner
from p2p_scrapy.census.sweeping import Sweeping
from p2p_scrapy.errors import DiskFullError

logger = logging.getLogger(__name__)


class Census:
    """Feeds the dispatcher and fills the ledger; knows nothing of Scrapy.

    ``answer``, ``trouble`` and ``abandon`` give the ads to be passed on.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._sweeping = Sweeping(batch)
        self._planner = Planner(batch, self._sweeping.new_sweep)
        self._discovery = Discovery(batch.scope, batch.catalogue, batch.config.catalogue_hours)
        self._takers: Mapping[Kind, Callable[[Ask, Envelope], tuple[Burst, list[Entry]]]] = {
            Kind.FIAT_LIST: self._take_fiats,
            Kind.PORTAL_CONFIG: self._take_markets,
            Kind.SEARCH: self._sweeping.take,
        }

    def begin(self) -> None:
        """Put the first questions."""
        self._batch.dispatcher.ask(self._discovery.begin(self._batch.clock.now()))
        if self._discovery.is_done:
            self._plan()

    async def keep_time(self) -> None:
        """See to it that the batch ends with its window."""
        await self._planner.keep_time()

    def answer(self, ask: Ask, status: int, headers: Mapping[str, str], body: bytes) -> list[Entry]:
        """Take an HTTP answer; header names are in lower case."""
        try:
            return self._answer(ask, status, headers, body)
        finally:  # whatever happens, the dispatcher waits for this question no longer
            self._batch.dispatcher.answered(ask)

    def trouble(self, ask: Ask, error: ExchangeError) -> list[Entry]:
        """Meet a question that no answer came to."""
        try:
            return self._meet(ask, error)
        finally:
            self._batch.dispatcher.answered(ask)

    def abandon(self) -> list[Entry]:
        """Give up what was never asked because the batch was stopped."""
        reason = f"not asked: {self._batch.dispatcher.stopped}"
        return [
            entry for ask in self._batch.dispatcher.given_up for entry in self._give_up(ask, reason)
        ]

    def _answer(
        self, ask: Ask, status: int, headers: Mapping[str, str], body: bytes
    ) -> list[Entry]:
        batch = self._batch
        batch.requests[f"http_{status}"] += 1
        self._keep_raw(ask, status, body)
        try:
            envelope = answers.read(status, headers, body, batch.clock.now())
            if ask.lane is not None:
                ask.lane.succeeded(batch.clock.monotonic())
                batch.road.answered(ask.lane.name)
            further, entries = self._takers[ask.query.kind](ask, envelope)
        except ExchangeError as error:
            return self._meet(ask, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the batch must go on
            return self._meet(ask, UnreadableError(f"a defect of this project: {error!r}"))
        batch.tell_outcome(ask, answers.OK)
        batch.dispatcher.ask(further)
        self._plan_if_known()
        if ask.sweep is not None:
            batch.ledger.look_at(ask.sweep)
        return entries

    def _meet(self, ask: Ask, error: ExchangeError) -> list[Entry]:
        if ask.sweep is not None:
            self._batch.dispatcher.let_go(ask.sweep)
        is_asked_again = trouble.meet(self._batch, ask, error)
        return [] if is_asked_again else self._give_up(ask, str(error))

    def _take_fiats(self, ask: Ask, envelope: Envelope) -> tuple[Burst, list[Entry]]:  # noqa: ARG002
        fiats = trading.fiats(envelope)
        return self._or_fail(lambda now: self._discovery.fiats_came(fiats, now)), []

    def _take_markets(self, ask: Ask, envelope: Envelope) -> tuple[Burst, list[Entry]]:
        markets = trading.markets(envelope, ask.fiat)
        self._discovery.markets_came(ask.fiat, markets, self._batch.clock.now())
        return [], []

    def _give_up(self, ask: Ask, error: str) -> list[Entry]:
        if ask.sweep is not None:
            return self._sweeping.fail(ask.sweep, ask.page, error)
        self._batch.dispatcher.ask(self._without(ask, error))
        self._plan_if_known()
        return []

    def _without(self, ask: Ask, error: str) -> Burst:
        """Go on without a discovery answer."""
        if ask.query.kind is Kind.PORTAL_CONFIG:
            self._discovery.markets_failed(ask.fiat, error)
            return []
        return self._or_fail(lambda now: self._discovery.fiats_failed(error, now))

    def _or_fail(self, go_on: Callable[[datetime], Burst]) -> Burst:
        """Go on with discovery; without any list of fiats the batch ends."""
        try:
            return go_on(self._batch.clock.now())
        except DiscoveryError as trouble:
            self._batch.fail(trouble)
            return []

    def _plan_if_known(self) -> None:
        batch = self._batch
        if self._discovery.is_done and batch.agenda.plan is None and batch.failure is None:
            self._plan()

    def _plan(self) -> None:
        batch, discovery = self._batch, self._discovery
        if discovery.kept:
            batch.catalogue_source = "kept: " + "; ".join(discovery.kept)
        batch.missing_fiats = discovery.missing
        self._save_catalogue()
        markets = discovery.markets()
        batch.listed = frozenset(markets)
        if not markets:
            batch.fail(discovery.nothing())
            return
        self._planner.plan(markets)

    def _save_catalogue(self) -> None:
        try:
            self._batch.catalogue.save(self._batch.config.data_dir)
        except OSError as error:
            logger.warning("The catalogue could not be kept, the next batch asks anew: %s", error)

    def _keep_raw(self, ask: Ask, status: int, body: bytes) -> None:
        batch = self._batch
        if batch.config.keep_raw:
            with suppress(DiskFullError):  # the batch is ending then
                batch.journal.add_response(ask, status, batch.clock.now(), body)
