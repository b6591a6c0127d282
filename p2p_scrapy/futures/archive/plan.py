"""What of a series is to be fetched: months where whole months exist, days for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from items.futures import Gap
from p2p_scrapy.futures.archive.listing import Listed
from p2p_scrapy.futures.archive.series import ArchiveFile, Period, Series, days_of
from p2p_scrapy.futures.archive.stored import Stored

PUBLISHED_AFTER = timedelta(days=2)
"""A day is there on the next, seldom a day later (binance-futures-api, section 1)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, gap: Gap) -> bool:
        """Whether a gap has a moment of them."""
        ended_at = gap.ended_at or gap.started_at
        return gap.started_at.date() <= self.last and self.first <= ended_at.date()


EVER = Span(date.min, date.max)


@dataclass(slots=True)
class Plan:
    """What a series needs.

    Attributes:
        listed: everything that the archive has of it; stored: everything that the lake has.
        life: the days on which it was traded, as far as that can be told.
        fetch: files that are missing or were replaced.
        kept: files of the lake that stay as they are.
        absent: days that the archive has neither as a day nor within its month.
    """

    series: Series
    listed: Mapping[Period, Listed]
    stored: Mapping[Period, Stored]
    life: Span
    fetch: list[ArchiveFile] = field(default_factory=list)
    kept: list[Stored] = field(default_factory=list)
    absent: list[date] = field(default_factory=list)


def plan_of(
    series: Series,
    span: Span,
    listed: Mapping[Period, Listed],
    stored: Mapping[Period, Stored],
    today: date,
) -> Plan:
    """Compare what was asked for with what the archive and the lake have.

    Days before the series' first are none of its gaps, nor are those after a contract's end or
    those that are not due yet.
    """
    if not listed:
        return Plan(series, listed, stored, span)
    life = Span(_first_day(listed), series.delivery or date.max)
    plan = Plan(series, listed, stored, life)
    begin = max(span.first, min(period.first for period in listed))
    newest = max(period.last for period in listed)
    end = min(span.last, max(newest, today - PUBLISHED_AFTER - timedelta(days=1)))
    for month, days in groupby(days_of(begin, end), key=Period.month_of):
        _Month(plan).add(month, list(days))
    return plan


def _first_day(listed: Mapping[Period, Listed]) -> date:
    """A month counts from its first daily file, since a symbol may begin within it."""
    first = min(period.first for period in listed)
    month = Period.month_of(first)
    days = (period.first for period in listed if not period.is_month)
    return min((day for day in days if Period.month_of(day) == month), default=first)


@dataclass(frozen=True, slots=True)
class _Month:
    """The part of a plan that is one month's."""

    plan: Plan

    def add(self, month: Period, days: list[date]) -> None:
        if month in self.plan.stored or self._is_better_whole(month, days):
            self._take(month)
            return
        for day in days:
            if not self._take(Period(day, is_month=False)) and day in self.plan.life:
                self.plan.absent.append(day)

    def _is_better_whole(self, month: Period, days: list[date]) -> bool:
        """Unless its days are here, or are begun and can be completed as days."""
        periods = [Period(day, is_month=False) for day in days]
        if month not in self.plan.listed or len(periods) < sum(1 for _ in month.days):
            return False
        left = [period for period in periods if period not in self.plan.stored]
        is_begun = len(left) < len(periods)
        missing = [period for period in left if period.first in self.plan.life]
        return bool(missing) and not (
            is_begun and all(each in self.plan.listed for each in missing)
        )

    def _take(self, period: Period) -> bool:
        """Plan to fetch it, or keep what is here; whether there is anything of it at all."""
        listed, stored = self.plan.listed.get(period), self.plan.stored.get(period)
        if stored is not None and (listed is None or not is_replaced(stored, listed)):
            self.plan.kept.append(stored)
        elif listed is not None:
            self.plan.fetch.append(ArchiveFile(self.plan.series, period))
        return stored is not None or listed is not None


def is_replaced(stored: Stored, listed: Listed) -> bool:
    """Whether the listing shows another file than the one that was stored."""
    source = stored.source
    pairs = ((source.size, listed.size), (source.modified, listed.modified))
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)
