"""CSV lines of the archive as rows, by Arrow; nothing is rounded, and nothing left out."""

from collections.abc import Callable, Iterable, Iterator
from typing import IO, cast

import numpy as np
import pyarrow as pa
from pyarrow import csv

from p2p_scrapy.futures.archive.errors import ContentError
from p2p_scrapy.futures.archive.rows import Rows

Shape = Callable[[pa.Table, int], pa.Table]
"""Of the CSV's columns and the number of the first row."""


class Parser:
    """Reads blocks of lines in columns of known types.

    Attributes:
        types: the CSV's columns in their order, with the types they are read as.
        shape: makes the lake's columns of them.
    """

    def __init__(self, types: dict[str, pa.DataType], shape: Shape) -> None:
        self._read = csv.ReadOptions(column_names=list(types), use_threads=False)
        self._parse = csv.ParseOptions(ignore_empty_lines=False)
        self._convert = csv.ConvertOptions(column_types=types, null_values=[])
        self._shape = shape

    def parse(self, blocks: Iterable[bytes]) -> Iterator[Rows]:
        """The rows of each block.

        Raises:
            ContentError: a row cannot be read exactly; the message names it.
        """
        first = 1
        for block in blocks:
            table = self._table(block, first)
            count = table.num_rows
            yield Rows(self._shape(table, first), np.arange(first, first + count))
            first += count

    def _table(self, block: bytes, first: int) -> pa.Table:
        try:
            return self._read_csv(block)
        except pa.ArrowInvalid:
            lines = block.splitlines(keepends=True)
        number = self._first_unreadable(lines)
        try:
            self._read_csv(lines[number])
        except pa.ArrowInvalid as error:
            shown = lines[number].decode("utf-8", "replace").strip()[:120]
            raise ContentError(
                f"row {first + number} cannot be read: {shown!r}: {error}"
            ) from error
        raise ContentError(f"row {first + number} cannot be read")

    def _read_csv(self, block: bytes) -> pa.Table:
        return csv.read_csv(
            cast("IO[bytes]", pa.BufferReader(block)),  # Arrow reads its own without a copy
            read_options=self._read,
            parse_options=self._parse,
            convert_options=self._convert,
        )

    def _first_unreadable(self, lines: list[bytes]) -> int:
        """By halving: its place among the lines."""
        low, high = 0, len(lines)
        while high - low > 1:
            middle = (low + high) // 2
            try:
                self._read_csv(b"".join(lines[low:middle]))
            except pa.ArrowInvalid:
                high = middle
            else:
                low = middle
        return low
