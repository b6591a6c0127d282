"""The census itself: from an answer to ads and to the questions that follow from it."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from items import Market
from p2p_scrapy.binance import answers, queries, trading
from p2p_scrapy.binance.answers import Envelope, ExchangeError, UnreadableError
from p2p_scrapy.binance.queries import Kind
from p2p_scrapy.census import trouble
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.discovery import Discovery, DiscoveryError
from p2p_scrapy.census.dispatch import Ask, Burst
from p2p_scrapy.census.open_sweep import HARD_CAP, Entry, OpenSweep
from p2p_scrapy.census.plan import Planner
from p2p_scrapy.errors import DiskFullError

logger = logging.getLogger(__name__)


class Census:
    """Feeds the dispatcher and fills the ledger; knows nothing of Scrapy.

    ``answer``, ``trouble`` and ``abandon`` give the ads to be passed on.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        batch.dispatcher.on_begin = self._begin
        batch.dispatcher.on_move = self._move
        self._planner = Planner(batch, self._sweep)
        self._discovery = Discovery(batch.scope, batch.catalogue, batch.config.catalogue_hours)
        self._takers: Mapping[Kind, Callable[[Ask, Envelope], tuple[Burst, list[Entry]]]] = {
            Kind.FIAT_LIST: self._take_fiats,
            Kind.PORTAL_CONFIG: self._take_markets,
            Kind.SEARCH: self._take_page,
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
            self._keep_raw(ask, body)
            batch.ledger.look_at(ask.sweep)
        return entries

    def _meet(self, ask: Ask, error: ExchangeError) -> list[Entry]:
        if ask.sweep is not None:
            self._batch.dispatcher.let_go(ask.sweep)
        is_asked_again = trouble.meet(self._batch, ask, error)
        return [] if is_asked_again else self._give_up(ask, str(error))

    def _take_fiats(self, ask: Ask, envelope: Envelope) -> tuple[Burst, list[Entry]]:  # noqa: ARG002
        fiats = trading.fiats(envelope)
        return self._discovery.fiats_came(fiats, self._batch.clock.now()), []

    def _take_markets(self, ask: Ask, envelope: Envelope) -> tuple[Burst, list[Entry]]:
        markets = trading.markets(envelope, ask.fiat)
        self._discovery.markets_came(ask.fiat, markets, self._batch.clock.now())
        return [], []

    def _take_page(self, ask: Ask, envelope: Envelope) -> tuple[Burst, list[Entry]]:
        sweep, batch = _sweep_of(ask), self._batch
        page = batch.reader.page(envelope, sweep.market, ask.page, batch.clock.now())
        is_first_look = not sweep.looks and sweep.outstanding == 1
        sweep.take(page, self._time_of(ask.left_at))
        further = sweep.further_pages()
        burst = self._pages(sweep, further)
        if batch.dispatcher.follow(sweep, burst):
            burst = []
        elif is_first_look and further:
            sweep.begin_again([1, *further])
            return self._pages(sweep, [1, *further]), []
        sweep.asked.update(further)
        sweep.outstanding += len(further)
        return burst, self._page_done(sweep)

    def _pages(self, sweep: OpenSweep, numbers: list[int]) -> Burst:
        narrowed = self._batch.scope.filter
        return [
            Ask(queries.search(sweep.market, number, narrowed), sweep=sweep, page=number)
            for number in numbers
        ]

    def _page_done(self, sweep: OpenSweep) -> list[Entry]:
        sweep.outstanding -= 1
        if not sweep.is_read or self._read_again(sweep):
            return []
        return list(sweep.release())

    def _read_again(self, sweep: OpenSweep) -> bool:
        """Ask once more for what the book's moving has put in doubt, as one burst, if anything.

        Where the lane cannot pay for that at once, all pages are asked for together later: what
        is not in doubt now will be by then. A lane that can never pay for all of them at a time
        would only read pages of different moments once more.
        """
        dispatcher = self._batch.dispatcher
        pages = [] if dispatcher.stopped else sweep.pages_in_doubt()
        if not pages:
            return False
        if not dispatcher.follow(sweep, self._pages(sweep, pages)):
            pages = sorted(sweep.asked)
            if len(pages) > dispatcher.lanes.named(sweep.lane).window.budget:
                return False
            dispatcher.ask(self._pages(sweep, pages))
        sweep.begin_round(pages)
        return True

    def _time_of(self, monotonic: float) -> datetime:
        """The time of day, UTC, of a moment in the past."""
        clock = self._batch.clock
        return clock.now() - timedelta(seconds=clock.monotonic() - monotonic)

    def _give_up(self, ask: Ask, error: str) -> list[Entry]:
        if ask.sweep is not None:
            ask.sweep.fail(ask.page, error)
            entries = self._page_done(ask.sweep)
            self._batch.ledger.look_at(ask.sweep)
            return entries
        self._batch.dispatcher.ask(self._without(ask, error))
        self._plan_if_known()
        return []

    def _without(self, ask: Ask, error: str) -> Burst:
        """Go on without a discovery answer."""
        if ask.query.kind is Kind.PORTAL_CONFIG:
            self._discovery.markets_failed(ask.fiat, error)
            return []
        try:
            return self._discovery.fiats_failed(error, self._batch.clock.now())
        except DiscoveryError as trouble:
            self._batch.fail(trouble)
            return []

    def _plan_if_known(self) -> None:
        batch = self._batch
        if self._discovery.is_done and batch.agenda is None and batch.failure is None:
            self._plan()

    def _plan(self) -> None:
        batch, discovery = self._batch, self._discovery
        if discovery.kept:
            batch.catalogue_source = "kept: " + "; ".join(discovery.kept)
        batch.missing_fiats = discovery.missing
        self._save_catalogue()
        markets = discovery.markets()
        if not markets:
            asked = ", ".join([*batch.scope.fiats, *batch.scope.assets, *batch.scope.sides])
            message = "the exchange trades nothing of what was asked for"
            batch.fail(DiscoveryError(f"{message}: {asked or 'everything'}"))
            return
        self._planner.plan(markets)

    def _save_catalogue(self) -> None:
        try:
            self._batch.catalogue.save(self._batch.config.data_dir)
        except OSError as error:
            logger.warning("The catalogue could not be kept, the next batch asks anew: %s", error)

    def _sweep(self, market: Market) -> OpenSweep:
        scope, batch = self._batch.scope, self._batch
        cap = scope.max_pages or HARD_CAP
        sweep = OpenSweep(market, "", batch.clock.now(), cap, is_sample=scope.is_sample)
        sweep.asked.add(1)
        sweep.outstanding = 1
        return sweep

    def _begin(self, sweep: OpenSweep) -> None:
        sweep.started_at = self._batch.clock.now()
        self._batch.take_up(sweep)

    def _move(self, sweep: OpenSweep, asks: Burst) -> Burst:
        """What another lane is to ask, all pages of a sweep being by one lane."""
        if not sweep.looks:
            return asks
        pages = sorted(sweep.asked)
        sweep.begin_again(pages)
        return self._pages(sweep, pages)

    def _keep_raw(self, ask: Ask, body: bytes) -> None:
        if self._batch.config.keep_raw:
            sweep = _sweep_of(ask)
            with suppress(DiskFullError):  # the batch is ending then
                self._batch.keep_response(sweep.market, ask.page, self._batch.clock.now(), body)


def _sweep_of(ask: Ask) -> OpenSweep:
    if ask.sweep is None:
        raise ValueError(f"{ask.query.subject} belongs to no sweep")
    return ask.sweep
