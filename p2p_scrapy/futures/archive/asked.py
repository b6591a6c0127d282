"""What a person asked for: ``-a symbols= datasets= interval= start= end=``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from p2p_scrapy import arguments, parsing
from p2p_scrapy.errors import ArgumentError
from p2p_scrapy.futures.archive.klines import INTERVALS
from p2p_scrapy.futures.archive.plan import Span
from p2p_scrapy.futures.archive.series import Period, Series

DATASETS = ("aggTrades", "klines")
FIRST_DAY = date(2019, 9, 1)
"""Trading of USD-M futures began in this month; the archive begins at 2019-12-31."""


def _datasets(text: str) -> tuple[str, ...]:
    known = {name.lower(): name for name in DATASETS}
    asked = [word.lower() for word in parsing.words(text)]
    if not known.keys() >= set(asked):
        raise ValueError(text)
    return tuple(known[word] for word in asked) or DATASETS


def _interval(text: str) -> str:
    if text not in INTERVALS:
        raise ValueError(text)
    return text


def _first_day(text: str) -> date:
    return Period.parse(text).first


def _last_day(text: str) -> date:
    return Period.parse(text).last


_PERIODS = "a month or a day, e.g. 2026-10 or 2026-10-03"
_ARGUMENTS: arguments.Known = {
    "symbols": (arguments.contracts, "symbols between commas, e.g. BTCUSDT,ETHUSDT"),
    "datasets": (_datasets, f"of {','.join(DATASETS)}"),
    "interval": (_interval, f"one of {', '.join(INTERVALS)}"),
    "start": (_first_day, _PERIODS),
    "end": (_last_day, _PERIODS),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Series and days; both ends of the span are included."""

    series: tuple[Series, ...]
    span: Span

    @classmethod
    def of(cls, typed: Mapping[str, str], today: date) -> Self:
        """Read the arguments; ``end`` is by default today, ``start`` the beginning.

        Raises:
            UsageError: one is unknown, missing, or not allowed.
        """
        given = _DEFAULTS | {name: text for name, text in typed.items() if text.strip()}
        values = arguments.read(given, _ARGUMENTS)
        span = Span(values["start"], min(values.get("end", today), today))
        if span.first > span.last:
            raise ArgumentError("start", given["start"], f"a day until {span.last}")
        return cls(tuple(_series(values)), span)


_DEFAULTS = {"symbols": "", "datasets": "aggTrades", "interval": "1m", "start": f"{FIRST_DAY}"}


def _series(values: Mapping[str, Any]) -> Iterator[Series]:
    for symbol in values["symbols"]:
        for dataset in values["datasets"]:
            yield Series(dataset, symbol, values["interval"] if dataset == "klines" else "")
