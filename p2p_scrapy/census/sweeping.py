"""The reading of sweeps: from a page to its ads, and to the pages that are asked for next."""

from datetime import datetime, timedelta

from items import Market
from p2p_scrapy.binance import queries
from p2p_scrapy.binance.answers import Envelope
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.dispatch import Ask, Burst
from p2p_scrapy.census.open_sweep import HARD_CAP, Entry, OpenSweep
from p2p_scrapy.errors import DiskFullError


class Sweeping:
    """Makes the sweeps of a batch, takes their pages, and says what is asked for next.

    ``take`` and ``fail`` give the ads to be passed on: all of a sweep, with its last page.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        batch.dispatcher.on_begin = self._begin
        batch.dispatcher.on_move = self._move

    def new_sweep(self, market: Market) -> OpenSweep:
        """A new sweep of a market, whose page 1 is about to be asked for."""
        scope, batch = self._batch.scope, self._batch
        cap = scope.max_pages or HARD_CAP
        sweep = OpenSweep(market, "", batch.clock.now(), cap, is_sample=scope.is_sample)
        sweep.asked.add(1)
        sweep.outstanding = 1
        return sweep

    def take(self, ask: Ask, envelope: Envelope) -> tuple[Burst, list[Entry]]:
        """Take a page, and give the questions that follow from it."""
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

    def fail(self, sweep: OpenSweep, page: int, error: str) -> list[Entry]:
        """Go on without a page that could not be had."""
        sweep.fail(page, error)
        entries = self._page_done(sweep)
        self._batch.ledger.look_at(sweep)
        return entries

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
        try:
            self._batch.note_read(sweep)
        except DiskFullError as error:
            sweep.lose(str(error))
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

    def _time_of(self, monotonic: float) -> datetime:
        """The time of day, UTC, of a moment in the past."""
        clock = self._batch.clock
        return clock.now() - timedelta(seconds=clock.monotonic() - monotonic)


def _sweep_of(ask: Ask) -> OpenSweep:
    if ask.sweep is None:
        raise ValueError(f"{ask.query.subject} belongs to no sweep")
    return ask.sweep
