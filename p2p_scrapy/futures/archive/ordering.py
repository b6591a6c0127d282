"""The order of a file's rows: proved on the way, or made where the archive has another.

Some months are interleaved (BTCUSDT 2023-05 and 2023-10), and a month of BTCUSDT is larger than
the memory it may take: so rows are first dealt out to files by ranges of their ids.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa

from p2p_scrapy.futures.archive.errors import ContentError, OutOfOrderError
from p2p_scrapy.futures.archive.rows import Rows

MOST_RANGES = 256
_NUMBER = "row_number"
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


def in_order(parts: Iterable[Rows], key: str) -> Iterator[Rows]:
    """The same rows, as long as none has a smaller id than the one before it.

    Raises:
        OutOfOrderError: one has.
    """
    last = np.iinfo(np.int64).min
    for part in parts:
        ids = part.values(key)
        if len(ids) == 0:
            continue
        if ids[0] < last or np.any(ids[1:] < ids[:-1]):
            raise OutOfOrderError("rows are out of order")
        last = ids[-1]
        yield part


def put_in_order(parts: Iterable[Rows], key: str, width: int, folder: Path) -> Iterator[Rows]:
    """All rows by their ids, those of one id in the file's order; ``width`` ids at a time.

    Args:
        parts: the rows as they come.
        key: the column of ids.
        width: how many ids a range spans, and about how many rows are in memory at a time.
        folder: where the ranges are kept meanwhile.

    Raises:
        ContentError: the ids are spread over more than MOST_RANGES ranges.
        OSError: the disk's trouble.
    """
    with TemporaryDirectory(prefix=".sorting-", dir=folder) as place:
        ranges = _deal_out(parts, key, width, Path(place))
        for path in ranges:
            yield _sorted(path, key)
            path.unlink()


def _deal_out(parts: Iterable[Rows], key: str, width: int, place: Path) -> list[Path]:
    """Write each row to the file of its range; the files, in the order of their ids."""
    writers: dict[int, Any] = {}
    with ExitStack() as stack:
        for part in parts:
            ranges = part.values(key) // width
            table = part.table.append_column(_NUMBER, pa.array(part.numbers))
            for each in np.unique(ranges).tolist():
                if each not in writers:
                    _refuse_too_many(writers)
                    file = pa.ipc.new_stream(
                        str(place / f"{each}.arrows"), table.schema, options=_LZ4
                    )
                    writers[each] = stack.enter_context(file)
                writers[each].write_table(table.filter(pa.array(ranges == each)))
    return [place / f"{each}.arrows" for each in sorted(writers)]


def _refuse_too_many(writers: dict[int, Any]) -> None:
    if len(writers) >= MOST_RANGES:
        raise ContentError("rows are out of order, and their ids spread too far to be sorted")


def _sorted(path: Path, key: str) -> Rows:
    with pa.OSFile(str(path), mode="rb") as file, pa.ipc.open_stream(file) as stream:
        table = stream.read_all()
    order = np.argsort(np.asarray(table[key].cast(pa.int64()).to_numpy()), kind="stable")
    table = table.take(pa.array(order, pa.int64()))
    return Rows(table.drop_columns([_NUMBER]), np.asarray(table[_NUMBER].to_numpy()))
