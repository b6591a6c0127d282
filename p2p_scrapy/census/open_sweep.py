"""A sweep while it is read: what was asked, what came, and what is to be asked again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime

from items import Market, Sweep
from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.binance.reading import Page
from p2p_scrapy.census.doubt import out_of_date
from p2p_scrapy.census.evidence import Entry, Evidence, Look
from p2p_scrapy.census.verdict import ledger_row

__all__ = ["HARD_CAP", "MOST_ROUNDS", "Entry", "OpenSweep"]

HARD_CAP = 250
"""Pages of a market at most, against a total that never ends; the deepest book known has 70."""
MOST_ROUNDS = 2
"""How often a sweep is read again, where its book moved; then it stays partial."""


@dataclass(slots=True, eq=False)
class OpenSweep:
    """One reading of one market. ``cap`` is the last page that may be asked for.

    Its ads are held back until it is settled what they are worth, so that none is passed on that
    a second look at its page replaces: the last look at each page counts, as a whole.

    Counts are ads; ``passed`` were handed to the pipelines, ``kept``, ``refused`` and ``repeated``
    have come out of them. ``waited`` are seconds spent waiting for the budget, ``held`` requests
    of it that are kept for this sweep's further pages. ``looked_total`` is what a first look at
    page 1 told, where it had to be read again; ``rounds`` is how often the sweep was read again
    because its book moved, ``has_moved`` whether the last round showed anything new.
    """

    market: Market
    lane: str
    started_at: datetime
    cap: int = HARD_CAP
    is_sample: bool = False
    is_begun: bool = False
    held: int = 0
    looked_total: int | None = None
    rounds: int = 0
    has_moved: bool = True
    asked: set[int] = field(default_factory=set)
    outstanding: int = 0
    looks: dict[int, Look] = field(default_factory=dict)
    passed: int = 0
    kept: int = 0
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    errors: dict[str, list[int]] = field(default_factory=dict)
    prices: list[float] = field(default_factory=list)
    methods: Counter[str] = field(default_factory=Counter)
    old_ads: int = 0
    waited: float = 0.0
    _evidence: Evidence | None = None
    _ended_at: datetime | None = None

    @property
    def is_read(self) -> bool:
        """Whether every page that was asked for has answered or failed."""
        return self.outstanding == 0

    @property
    def is_settled(self) -> bool:
        """Whether it is read and every ad has come out of the pipelines."""
        return self.is_read and not self.in_pipelines

    @property
    def in_pipelines(self) -> int:
        """Ads that were handed to the pipelines and have not come out of them."""
        return self.passed - self.kept - self.repeated - self.refused.total()

    @property
    def rereads(self) -> int:
        """How often pages were asked for once more."""
        return self.rounds + (self.looked_total is not None)

    @property
    def swept_at(self) -> datetime | None:
        """When the last page that counts arrived, UTC."""
        return self._ended_at or self.evidence.last_at

    @property
    def evidence(self) -> Evidence:
        """What the pages say together, as far as they have come."""
        if self._evidence is None:
            self._evidence = Evidence.of(self.looks.values())
        return self._evidence

    @property
    def expected(self) -> int | None:
        """Ads that the first total promises, as far as is read of it; None where none was told."""
        total = self.evidence.totals[0] if self.looks else None
        return min(total, self.cap * PAGE_SIZE) if self.is_sample and total is not None else total

    def take(self, page: Page, asked_at: datetime) -> None:
        """Note a page; ``asked_at`` is when its question left."""
        look, former = Look(page, asked_at), self.looks.get(page.number)
        if former is not None:
            self.has_moved = self.has_moved or not look.is_like(former)
        self.looks[page.number] = look
        self._evidence = None

    def release(self) -> Iterator[Entry]:
        """What is to be passed on, once the sweep is read and nothing of it is read again."""
        for entry in self.evidence.entries():
            self.passed += 1
            yield entry

    def further_pages(self) -> list[int]:
        """The pages that the totals so far call for and nobody asked for yet, in order."""
        ends = [look.number for look in self.looks.values() if not look.page.entries]
        last = min([self._pages_of_total(), *ends])
        return [page for page in range(1, last + 1) if page not in self.asked]

    def pages_in_doubt(self) -> list[int]:
        """The pages to be read again, now that all have come; none where that is of no use.

        A page that could not be had was asked for often enough, and what a round has shown to be
        the same as before will not change by another.
        """
        if self.errors or not self._is_provable() or not self.has_moved:
            return []
        if self.rounds == MOST_ROUNDS:
            return []
        return out_of_date(self.evidence, self.expected)

    def _is_provable(self) -> bool:
        """Whether all pages tell a total, and one that may be read to its end."""
        totals = [total for total in self.evidence.totals if total is not None]
        if not totals or len(totals) < len(self.looks):
            return False
        return self.is_sample or max(totals) <= self.cap * PAGE_SIZE

    def begin_round(self, pages: list[int]) -> None:
        """Note that these pages are asked for once more."""
        self.rounds += 1
        self.has_moved = False
        self.outstanding += len(pages)

    def begin_again(self, pages: list[int]) -> None:
        """Forget what was read: page 1 told the size, and is to be read with the others.

        The budget for the others was not there at once, and a book read half now and half a
        minute later is no snapshot.
        """
        fresh = OpenSweep(self.market, self.lane, self.started_at, self.cap, self.is_sample)
        fresh.looked_total, fresh.waited = self.evidence.totals[0], self.waited
        fresh.asked, fresh.outstanding, fresh.rounds = set(pages), len(pages), self.rounds
        for each in fields(self):
            setattr(self, each.name, getattr(fresh, each.name))

    def fail(self, page: int, error: str) -> None:
        """Note that a page could not be read."""
        self.errors.setdefault(error, []).append(page)

    def lose(self, error: str) -> None:
        """Give up what was read, before anything of it was passed on."""
        self.errors[error] = sorted(self.looks)
        self._forget()

    def close(self, batch_id: str) -> Sweep:
        """The ledger row of what was read; what was not passed on counts as not read.

        Its ads are let go of then: a batch has many sweeps, and they have gone their way.
        """
        if not self.is_read:
            self._forget()
        row = ledger_row(self, batch_id)
        self._ended_at = self.evidence.last_at
        self._forget()
        return row

    def _forget(self) -> None:
        self.looks.clear()
        self._evidence = None

    def _pages_of_total(self) -> int:
        known = [total for look in self.looks.values() if (total := look.page.total) is not None]
        if not known:  # no total to go by: as long as pages come
            return min(len(self.looks) + 1, self.cap)
        return min(max(1, -(-max(known) // PAGE_SIZE)), self.cap)
