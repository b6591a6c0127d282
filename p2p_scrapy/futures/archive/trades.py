"""aggTrades: what their columns are, and what has to hold from row to row."""

from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from items.futures import ARCHIVE_TRADE_SCHEMA
from p2p_scrapy.futures.archive.faults import Faults
from p2p_scrapy.futures.archive.rows import Mask, Numbers, Rows
from p2p_scrapy.futures.archive.series import Period

_TIME = "transact_time"


class Trades:
    """The rules of binance-futures-api, section 1, which catch every known bad file."""

    schema = ARCHIVE_TRADE_SCHEMA
    types: ClassVar[dict[str, pa.DataType]] = {
        field.name: pa.int64() if field.name == _TIME else field.type
        for field in ARCHIVE_TRADE_SCHEMA
        if field.name != "symbol"
    }
    key = "agg_trade_id"
    time = _TIME
    step = 1
    width = 1_000_000

    def __init__(self, period: Period) -> None:
        self._period = period
        self._last_id: int | None = None
        self._last_trade = 0

    def check(self, rows: Rows, faults: Faults) -> None:
        """Ids contiguous, trades too, times inside the file's period, more than nothing traded."""
        first, last = rows.values("first_trade_id"), rows.values("last_trade_id")
        steps, joins = self._from_before(rows.values(self.key), first, last)
        numbers = rows.numbers
        faults.note("an id that comes again", steps == 0, numbers)
        faults.note("ids missing before it", steps > 1, numbers)
        faults.note("trades that do not follow on", (steps == 1) & (joins != 1), numbers)
        faults.note("last trade before the first", last < first, numbers)
        faults.note("time outside the file's period", self._outside(rows.values(_TIME)), numbers)
        for column in ("quantity", "price"):
            faults.note(f"{column} not above 0", _not_positive(rows.table[column]), numbers)

    def _from_before(self, ids: Numbers, first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
        """By how much ids and trades go on from the row before; 1 for the first row of a file."""
        if self._last_id is None:
            self._last_id, self._last_trade = int(ids[0]) - 1, int(first[0]) - 1
        steps = np.diff(ids, prepend=self._last_id)
        joins = first - np.concatenate(([self._last_trade], last[:-1]))
        self._last_id, self._last_trade = int(ids[-1]), int(last[-1])
        return steps, joins

    def _outside(self, times: Numbers) -> Mask:
        return (times < self._period.begins_at) | (times >= self._period.ends_at)


def _not_positive(column: "pa.ChunkedArray[Any]") -> Mask:
    return np.asarray(pc.less_equal(column, pa.scalar(0, column.type)).to_numpy())
