"""Exact decimals as whole numbers, and back: a decimal128 is one, counted in units of its scale.

A price of ``61800.20`` is 6,180,020,000,000 hundred-millionths. Only types of up to 18 digits, so
that the lower half of the 128 bits holds the whole value.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa


def whole_numbers(array: "pa.Array[Any]") -> list[int]:
    """The values of a column without nulls, in units of its scale."""
    if not len(array):
        return []
    values = np.frombuffer(memoryview(array.buffers()[1] or b""), np.int64)[0::2]
    numbers: list[int] = values[array.offset : array.offset + len(array)].tolist()
    return numbers


def decimals(numbers: Sequence[int | None], kind: pa.DataType) -> "pa.Array[Any]":
    """A column of decimals from whole numbers in units of the type's scale; None is null."""
    low = pa.array(numbers, pa.int64())
    halves = np.empty((len(low), 2), np.int64)
    halves[:, 0] = low.fill_null(0).to_numpy()
    halves[:, 1] = halves[:, 0] >> 63
    buffers = [low.buffers()[0], pa.py_buffer(halves.data)]
    return pa.Array.from_buffers(kind, len(low), buffers)
