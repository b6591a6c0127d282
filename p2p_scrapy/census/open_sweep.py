"""A sweep while it is read: what was asked, what came, and what that proves so far."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime

from items import VENUE, Ad, Market, Sweep, UnreadableAd, Verdict
from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.binance.reading import Page

HARD_CAP = 250
"""Pages of a market at most, against a total that never ends; the deepest book known has 70."""

Entry = Ad | UnreadableAd


@dataclass(slots=True, eq=False)
class OpenSweep:
    """One reading of one market. ``cap`` is the last page that may be asked for.

    Counts are ads; ``passed`` were handed to the pipelines, ``kept``, ``refused`` and ``repeated``
    have come out of them. ``waited`` are seconds spent waiting for the budget, ``held`` requests
    of it that are kept for this sweep's further pages. ``looked_total`` is what a first look at
    page 1 told, where it had to be read again.
    """

    market: Market
    lane: str
    started_at: datetime
    cap: int = HARD_CAP
    is_sample: bool = False
    is_begun: bool = False
    held: int = 0
    rereads: int = 0
    looked_total: int | None = None
    asked: set[int] = field(default_factory=set)
    outstanding: int = 0
    totals: list[int | None] = field(default_factory=list)
    first_response_at: datetime | None = None
    swept_at: datetime | None = None
    last_page: int | None = None
    rows: int = 0
    promoted: int = 0
    anonymous: int = 0
    duplicates: int = 0
    passed: int = 0
    kept: int = 0
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    errors: dict[str, list[int]] = field(default_factory=dict)
    prices: list[float] = field(default_factory=list)
    methods: Counter[str] = field(default_factory=Counter)
    old_ads: int = 0
    waited: float = 0.0
    seen: set[str] = field(default_factory=set)
    _held: dict[str, Ad] = field(default_factory=dict)
    _promoted_nos: set[str] = field(default_factory=set)

    @property
    def is_read(self) -> bool:
        """Whether every page that was asked for has answered or failed."""
        return self.outstanding == 0

    @property
    def is_settled(self) -> bool:
        """Whether it is read and every ad has come out of the pipelines."""
        return self.is_read and self.passed == self.kept + self.repeated + self.refused.total()

    @property
    def unique(self) -> int:
        """Different natural ads seen, refused and unreadable ones included: seen is seen."""
        return len(self.seen) + self.anonymous

    def take(self, page: Page) -> Iterator[Entry]:
        """Count a page, and give what is to be passed on.

        A promoted ad is held back until the sweep is read: where it also stands at its natural
        place, that row alone is passed on, marked as promoted.
        """
        self.totals.append(page.total)
        self.first_response_at = self.first_response_at or page.observed_at
        self.swept_at = max(self.swept_at or page.observed_at, page.observed_at)
        self.rows += len(page.entries)
        if not page.entries:
            self.last_page = min(self.last_page or page.number, page.number)
        natural: list[Entry] = []
        for entry in page.entries:
            if isinstance(entry, Ad) and entry.is_promoted:
                self._hold(entry)
            else:
                natural.append(entry)
        for entry in natural:
            self._count(entry)
            self.passed += 1
            yield entry

    def release(self) -> Iterator[Entry]:
        """The promoted ads that were nowhere in the book, once the sweep is read."""
        for ad in self._held.values():
            self.passed += 1
            yield ad
        self._held.clear()

    def further_pages(self) -> list[int]:
        """The pages that the totals so far call for and nobody asked for yet, in order."""
        last = self._pages_of_total()
        if self.last_page is not None:
            last = min(last, self.last_page)
        return [page for page in range(1, last + 1) if page not in self.asked]

    def begin_again(self, pages: list[int]) -> None:
        """Forget what was read: page 1 told the size, and is to be read with the others.

        The budget for the others was not there at once, and a book read half now and half a
        minute later is no snapshot.
        """
        fresh = OpenSweep(self.market, self.lane, self.started_at, self.cap, self.is_sample)
        fresh.rereads, fresh.waited = self.rereads + 1, self.waited
        fresh.looked_total = self.totals[0]
        fresh.asked, fresh.outstanding = set(pages), len(pages)
        for each in fields(self):
            setattr(self, each.name, getattr(fresh, each.name))

    def fail(self, page: int, error: str) -> None:
        """Note that a page could not be read."""
        self.errors.setdefault(error, []).append(page)

    def close(self, batch_id: str) -> Sweep:
        """The ledger row of what was read."""
        verdict = self._verdict()
        return Sweep(
            venue=VENUE,
            batch_id=batch_id,
            asset=self.market.asset,
            fiat=self.market.fiat,
            side=self.market.side.value,
            started_at=self.started_at,
            first_response_at=self.first_response_at,
            swept_at=self.swept_at,
            lane=self.lane,
            total_first=self.totals[0] if self.totals else self.looked_total,
            total_last=self.totals[-1] if self.totals else self.looked_total,
            rows=self.rows,
            unique=self.unique,
            promoted=self.promoted,
            duplicates=max(self.duplicates, self.repeated),
            refused=self.refused.total(),
            pages=len(self.totals),
            rereads=self.rereads,
            verdict=verdict.value,
            error=None if verdict is Verdict.COMPLETE else "; ".join(self._shortcomings()),
        )

    def _hold(self, ad: Ad) -> None:
        self.promoted += 1
        number = ad.adv_no or f"nameless {self.promoted}"
        self._promoted_nos.add(number)
        if number not in self.seen:
            self._held[number] = ad

    def _count(self, entry: Entry) -> None:
        if isinstance(entry, UnreadableAd) or not entry.adv_no:
            self.anonymous += 1
            return
        self.duplicates += entry.adv_no in self.seen
        self.seen.add(entry.adv_no)
        if entry.adv_no in self._promoted_nos:
            entry.is_promoted = True
            self._held.pop(entry.adv_no, None)

    def _pages_of_total(self) -> int:
        known = [total for total in self.totals if total is not None]
        if not known:  # no total to go by: as long as pages come
            return min(len(self.totals) + 1, self.cap)
        return min(max(1, -(-max(known) // PAGE_SIZE)), self.cap)

    def _expected(self) -> int | None:
        total = self.totals[0] if self.totals else None
        return min(total, self.cap * PAGE_SIZE) if self.is_sample and total is not None else total

    def _verdict(self) -> Verdict:
        if not self.totals:
            return Verdict.FAILED
        return Verdict.PARTIAL if self._shortcomings() else Verdict.COMPLETE

    def _shortcomings(self) -> list[str]:
        """Why this is no proof of the whole book; empty where it is one."""
        found = [f"{_pages(pages)}: {error}" for error, pages in self.errors.items()]
        if self.outstanding:
            found.append(f"the batch ended before {self.outstanding} of its pages came")
        if not self.totals:
            return found
        totals = sorted({str(total) for total in self.totals})
        if len(totals) > 1:
            found.append(f"the total changed while it was read: {', '.join(totals)}")
        if self.unique != self._expected():
            found.append(f"{self.unique} ads seen of {self._expected()} reported")
        if self.duplicates:
            found.append(f"{self.duplicates} ads came twice")
        elif self.repeated:
            found.append(f"{self.repeated} ads had come in another market")
        if not self.is_settled:
            lost = self.passed - self.kept - self.repeated - self.refused.total()
            found.append(f"{lost} ads were lost in the pipelines")
        return found


def _pages(pages: list[int]) -> str:
    return f"page {pages[0]}" if len(pages) == 1 else f"pages {', '.join(map(str, pages))}"
