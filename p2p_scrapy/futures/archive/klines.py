"""klines: what their columns are, and what has to hold from row to row."""

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from items.futures import KLINE_SCHEMA
from p2p_scrapy.futures.archive.faults import Faults
from p2p_scrapy.futures.archive.rows import Mask, Numbers, Rows
from p2p_scrapy.futures.archive.series import Period

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
INTERVALS = {
    "1m": _MINUTE,
    "3m": 3 * _MINUTE,
    "5m": 5 * _MINUTE,
    "15m": 15 * _MINUTE,
    "30m": 30 * _MINUTE,
    "1h": _HOUR,
    "2h": 2 * _HOUR,
    "4h": 4 * _HOUR,
    "6h": 6 * _HOUR,
    "8h": 8 * _HOUR,
    "12h": 12 * _HOUR,
    "1d": 24 * _HOUR,
}
"""Those that divide a day, in milliseconds: longer ones begin in one file and end in another."""

_TIMES = ("open_time", "close_time")
_AMOUNTS = ("volume", "quote_volume", "taker_buy_volume", "taker_buy_quote_volume")


class Klines:
    """A candle each interval, none missing, each within its own bounds."""

    schema = KLINE_SCHEMA
    types: ClassVar[dict[str, pa.DataType]] = {
        field.name: pa.int64() if field.name in _TIMES else field.type
        for field in KLINE_SCHEMA
        if field.name != "symbol"
    } | {"ignore": pa.string()}
    key = "open_time"
    time = "open_time"
    width = 2_000_000 * _MINUTE

    def __init__(self, period: Period, interval: str) -> None:
        self.step = INTERVALS[interval]
        self._period = period
        self._last: int | None = None

    def check(self, rows: Rows, faults: Faults) -> None:
        """Times contiguous and inside the file's period, open and close between low and high."""
        opened, numbers = rows.values("open_time"), rows.numbers
        steps = self._from_before(opened)
        outside = (opened < self._period.begins_at) | (opened >= self._period.ends_at)
        ended = opened + self.step - 1
        faults.note("a candle that comes again", steps == 0, numbers)
        faults.note("candles missing before it", steps > self.step, numbers)
        faults.note("a candle off its time", (steps > 0) & (steps % self.step != 0), numbers)
        faults.note("close time that does not follow", rows.values("close_time") != ended, numbers)
        faults.note("time outside the file's period", outside, numbers)
        faults.note("open or close beyond low or high", _beyond(rows.table), numbers)
        faults.note("an amount below 0", _negative(rows.table), numbers)

    def _from_before(self, opened: Numbers) -> Numbers:
        if self._last is None:
            self._last = int(opened[0]) - self.step
        steps = np.diff(opened, prepend=self._last)
        self._last = int(opened[-1])
        return steps


def _beyond(table: pa.Table) -> Mask:
    lowest = pc.min_element_wise(table["open"], table["close"])
    highest = pc.max_element_wise(table["open"], table["close"])
    wrong = pc.or_(pc.less(lowest, table["low"]), pc.greater(highest, table["high"]))
    return np.asarray(wrong.to_numpy())


def _negative(table: pa.Table) -> Mask:
    wrong = np.zeros(table.num_rows, dtype=bool)
    for name in _AMOUNTS:
        column = table[name]
        wrong |= np.asarray(pc.less(column, pa.scalar(0, column.type)).to_numpy())
    return wrong
