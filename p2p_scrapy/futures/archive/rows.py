"""Rows of an archive file, with the place that each has in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a file.

    Attributes:
        table: in the lake's columns.
        numbers: of each row, its number in the file; the first below the header is 1.
    """

    table: pa.Table
    numbers: Numbers

    def values(self, column: str) -> Numbers:
        """A column of whole numbers, or of times in milliseconds since 1970."""
        return np.asarray(self.table[column].cast(pa.int64()).to_numpy())


def joined(parts: Sequence[Rows]) -> Rows:
    """All of them, one after the other."""
    if len(parts) == 1:
        return parts[0]
    return Rows(
        pa.concat_tables([part.table for part in parts]),
        np.concatenate([part.numbers for part in parts]),
    )
