"""What a person asked for: ``-a symbols= datasets= interval= start= end=``."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from p2p_scrapy import parsing
from p2p_scrapy.errors import ArgumentError, UsageError
from p2p_scrapy.futures.archive.klines import INTERVALS
from p2p_scrapy.futures.archive.plan import Span
from p2p_scrapy.futures.archive.series import Period, Series

DATASETS = ("aggTrades", "klines")
FIRST_DAY = date(2019, 9, 1)
"""Trading of USD-M futures began in this month; the archive begins at 2019-12-31."""

_SYMBOL = re.compile(r"\w{2,40}")


def _symbols(text: str) -> tuple[str, ...]:
    symbols = parsing.words(text.upper())
    if not symbols or not all(_SYMBOL.fullmatch(symbol) for symbol in symbols):
        raise ValueError(text)
    return symbols


def _datasets(text: str) -> tuple[str, ...]:
    known = {name.lower(): name for name in DATASETS}
    return tuple(known[word.lower()] for word in parsing.words(text)) or DATASETS


def _interval(text: str) -> str:
    if text not in INTERVALS:
        raise ValueError(text)
    return text


def _first_day(text: str) -> date:
    return Period.parse(text).first


def _last_day(text: str) -> date:
    return Period.parse(text).last


_PERIODS = "a month or a day, e.g. 2026-10 or 2026-10-03"
_ARGUMENTS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "symbols": (_symbols, "symbols between commas, e.g. BTCUSDT,ETHUSDT"),
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
    def of(cls, arguments: Mapping[str, str], today: date) -> Self:
        """Read the arguments; ``end`` is by default today, ``start`` the beginning.

        Raises:
            UsageError: one is unknown, missing, or not allowed.
        """
        given = _DEFAULTS | {name: text.strip() for name, text in arguments.items() if text.strip()}
        values = {name: _read(name, text) for name, text in given.items()}
        span = Span(values["start"], min(values.get("end", today), today))
        if span.first > span.last:
            raise ArgumentError("start", given["start"], f"a day until {span.last}")
        return cls(tuple(_series(values)), span)


_DEFAULTS = {"symbols": "", "datasets": "aggTrades", "interval": "1m", "start": f"{FIRST_DAY}"}


def _series(values: Mapping[str, Any]) -> Iterator[Series]:
    for symbol in values["symbols"]:
        for dataset in values["datasets"]:
            yield Series(dataset, symbol, values["interval"] if dataset == "klines" else "")


def _read(name: str, text: str) -> Any:
    if name not in _ARGUMENTS:
        known = ", ".join(_ARGUMENTS)
        raise UsageError(f"there is no argument {name!r} (known: {known})")
    parse, allowed = _ARGUMENTS[name]
    try:
        return parse(text)
    except (ValueError, KeyError) as error:
        raise ArgumentError(name, text, allowed) from error
