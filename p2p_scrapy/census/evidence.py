"""What the pages of a sweep say together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from items import Ad, UnreadableAd
from p2p_scrapy.binance.reading import Page

Entry = Ad | UnreadableAd


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one page; ``asked_at`` is when its question left, UTC."""

    page: Page
    asked_at: datetime

    @property
    def number(self) -> int:
        """Which page was looked at."""
        return self.page.number

    def is_like(self, other: "Look") -> bool:
        """Whether both looks saw the same ads in the same places, and the same total."""
        return (self.page.total, _numbers(self.page)) == (other.page.total, _numbers(other.page))


@dataclass(frozen=True, slots=True)
class Repetition:
    """A natural ad that came twice, in the order of arrival."""

    former: Ad
    latter: Ad


@dataclass(slots=True)
class Evidence:
    """The last look at each page of a sweep, in the order of their arrival; counts are ads.

    ``totals`` are what the pages report, ``rows`` all entries, ``seen`` the numbers of the natural
    ads, refused ones included: seen is seen. ``anonymous`` are those that have no number,
    ``promoted`` the extra rows, ``repetitions`` the natural ads that came again.
    """

    looks: Sequence[Look]
    totals: list[int | None] = field(default_factory=list)
    rows: int = 0
    promoted: int = 0
    anonymous: int = 0
    seen: dict[str, Ad] = field(default_factory=dict)
    repetitions: list[Repetition] = field(default_factory=list)

    @classmethod
    def of(cls, looks: Iterable[Look]) -> "Evidence":
        """Count what these looks saw."""
        evidence = cls(sorted(looks, key=lambda look: look.page.observed_at))
        for look in evidence.looks:
            evidence.totals.append(look.page.total)
            evidence.rows += len(look.page.entries)
            for entry in look.page.entries:
                evidence._count(entry)
        return evidence

    @property
    def unique(self) -> int:
        """Different natural ads."""
        return len(self.seen) + self.anonymous

    @property
    def first_at(self) -> datetime | None:
        """When the first of the pages arrived."""
        return self.looks[0].page.observed_at if self.looks else None

    @property
    def last_at(self) -> datetime | None:
        """When the last of the pages arrived."""
        return self.looks[-1].page.observed_at if self.looks else None

    def entries(self) -> Iterator[Entry]:
        """All entries as they are to be passed on, in the order of the book.

        A promoted ad that also stands at its natural place is that row alone, marked as promoted;
        the others come after the book, each once. An ad that came twice is passed on twice, and
        the deduplication keeps the first.
        """
        in_order = [
            entry
            for look in sorted(self.looks, key=lambda look: look.number)
            for entry in look.page.entries
        ]
        extra = dict(_extras(in_order))
        for entry in in_order:
            if not _is_extra(entry):
                _mark_if_promoted(entry, extra)
                yield entry
        yield from (ad for number, ad in extra.items() if number not in self.seen)

    def _count(self, entry: Entry) -> None:
        if _is_extra(entry):
            self.promoted += 1
            return
        if isinstance(entry, UnreadableAd) or not entry.adv_no:
            self.anonymous += 1
            return
        if entry.adv_no in self.seen:
            self.repetitions.append(Repetition(self.seen[entry.adv_no], entry))
        self.seen[entry.adv_no] = entry


def _extras(entries: Iterable[Entry]) -> Iterator[tuple[str, Ad]]:
    """The promoted rows by number; each of those without one stands alone."""
    for position, entry in enumerate(entries):
        if isinstance(entry, Ad) and _is_extra(entry):
            yield entry.adv_no or f"nameless {position}", entry


def _mark_if_promoted(entry: Entry, extra: Mapping[str, Ad]) -> None:
    if isinstance(entry, Ad) and entry.adv_no in extra:
        entry.is_promoted = True


def _is_extra(entry: Entry) -> bool:
    return isinstance(entry, Ad) and entry.rank is None


def _number(entry: Entry) -> str | None:
    return (entry.adv_no or None) if isinstance(entry, Ad) else None


def _numbers(page: Page) -> list[str | None]:
    return [_number(entry) for entry in page.entries]
