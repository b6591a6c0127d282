"""What a series lacks: days that the archive does not have, and ids between two of its files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from items.futures import Gap
from p2p_scrapy.futures.archive.content import content_of
from p2p_scrapy.futures.archive.series import DAY, Series, days_of, midnight
from p2p_scrapy.futures.archive.stored import Stored

MISSING_BETWEEN = "ids missing between two files"
OVERLAP = "two files hold the same ids"

_Ids = tuple[int | None, int | None]
_Times = tuple[int, int]
_UNKNOWN: _Ids = None, None


@dataclass(frozen=True, slots=True)
class Holes:
    """Finds the gaps of a series.

    Attributes:
        series: whose.
        stored: every file that the lake has of it, in the order of time.
    """

    series: Series
    stored: Sequence[Stored]

    def of_days(self, absent: Mapping[date, str]) -> Iterator[Gap]:
        """A gap for each run of absent days with one reason.

        It is healed where the ids before and after it join: then nothing was traded.
        """
        for first, last in _runs(absent):
            yield self._around(first, last, absent[first])

    def healed(self, days: Mapping[date, str]) -> Iterator[Gap]:
        """A gap for each run of days that were absent once and are stored now."""
        for first, last in _runs(days):
            begin, end = midnight(first), midnight(last + DAY)
            yield self._gap(_UNKNOWN, (begin, end), days[first], is_healed=True)

    def between_files(self) -> Iterator[Gap]:
        """A gap wherever a file does not go on where the one before it ends."""
        for before, after in zip(self.stored, self.stored[1:], strict=False):
            if before.file.period.last + DAY != after.file.period.first:
                continue
            last, first = before.found.last_key, after.found.first_key
            if last is None or first is None or first == last + self._step(before):
                continue
            begin, end = before.found.last_time or 0, after.found.first_time or 0
            if first > last:
                yield self._gap((last + 1, first - 1), (begin, end), MISSING_BETWEEN)
            else:
                yield self._gap((first, last), (begin, end), OVERLAP)

    def _around(self, first: date, last: date, reason: str) -> Gap:
        ends = {each.file.period.last: each for each in self.stored}
        begins = {each.file.period.first: each for each in self.stored}
        before, after = ends.get(first - DAY), begins.get(last + DAY)
        last_key = before.found.last_key if before else None
        next_key = after.found.first_key if after else None
        begin = (before.found.last_time if before else None) or midnight(first)
        end = (after.found.first_time if after else None) or midnight(last + DAY)
        if before and last_key is not None and next_key == last_key + self._step(before):
            return self._gap(_UNKNOWN, (begin, end), reason, is_healed=True)
        ids = (
            None if last_key is None else last_key + 1,
            None if next_key is None else next_key - 1,
        )
        return self._gap(ids, (begin, end), reason)

    def _step(self, stored: Stored) -> int:
        return content_of(stored.file).step

    def _gap(self, ids: _Ids, times: _Times, reason: str, *, is_healed: bool = False) -> Gap:
        """Times are in milliseconds; candles have no ids, their times tell what is missing."""
        from_id, to_id = ids if not self.series.interval else _UNKNOWN
        return Gap(
            stream=self.series.folder,
            symbol=self.series.symbol,
            from_id=from_id,
            to_id=to_id,
            started_at=_moment(times[0]),
            ended_at=_moment(times[1]),
            reason=reason,
            healed=is_healed,
        )


def days_within(gap: Gap) -> Iterator[date]:
    """The whole days of a gap, which are those that were absent."""
    if gap.ended_at is None:
        return
    for day in days_of(gap.started_at.date(), gap.ended_at.date()):
        begin, end = _moment(midnight(day)), _moment(midnight(day + DAY))
        if gap.started_at <= begin and end <= gap.ended_at:
            yield day


def _runs(days: Mapping[date, str]) -> Iterator[tuple[date, date]]:
    """First and last of each run of days that follow on and have one reason."""
    run: list[date] = []
    for day in sorted(days):
        if run and (day != run[-1] + DAY or days[day] != days[run[-1]]):
            yield run[0], run[-1]
            run = []
        run.append(day)
    if run:
        yield run[0], run[-1]


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
