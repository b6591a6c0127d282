"""Levels of books, as the JSON text in which they came, to columns: a whole batch at once.

``[["61800.20","2.909"],["61800.10","0.696"]]`` is read without making a Python object a number,
which would take eight times as long.
"""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from items.futures import LEVELS, PRICE, QUANTITY

_NUMBERS = b"0123456789."
_PUNCTUATION = b'[]"'
_COMMA = ord(",")

_decode = msgspec.json.Decoder(list[tuple[str, str]]).decode


def level_columns(sides: Sequence[bytes]) -> "pa.ListArray[Any]":
    """One list of levels for each side's text.

    Raises:
        ValueError: a side is not a list of pairs of strings, or a price or a quantity is no number
            or does not fit its type exactly. (msgspec's and Arrow's errors are ValueErrors.)
    """
    texts, counts = [], []
    for side in sides:
        text, count = _plain(side)
        counts.append(count)
        if count:
            texts.append(text)
    values = _strings(b",".join(texts)) if texts else pa.array([], pa.string())
    return pa.ListArray.from_arrays(
        pa.array(accumulate(counts, initial=0), pa.int32()), _pairs(values), type=LEVELS
    )


def _plain(side: bytes) -> tuple[bytes, int]:
    """A side without a byte too many, and how many levels it has."""
    if (count := _count(side)) is None:
        side = msgspec.json.encode(_decode(side))  # it may have spaces or escapes, as any JSON
        if (count := _count(side)) is None:
            raise ValueError(f"{side.decode()} has a price or a quantity that is no number")
    return side, count


def _count(side: bytes) -> int | None:
    """How many levels a side has; None where it is anything but plain levels."""
    skeleton = side.translate(None, _NUMBERS)
    count = len(skeleton) // len('["",""],')
    return count if skeleton == _skeleton(count) else None


@cache
def _skeleton(count: int) -> bytes:
    return b"[" + b",".join([b'["",""]'] * count) + b"]"


def _strings(sides: bytes) -> pa.StringArray:
    """All prices and quantities in turn: commas are the only bytes between them."""
    separated = sides.translate(None, _PUNCTUATION)
    commas = np.flatnonzero(np.frombuffer(separated, np.uint8) == _COMMA)
    offsets = np.empty(len(commas) + 2, np.int32)
    offsets[0] = 0
    offsets[1:-1] = commas - np.arange(len(commas))
    offsets[-1] = len(separated) - len(commas)
    text = separated.translate(None, b",")
    return pa.StringArray.from_buffers(
        len(commas) + 1, pa.py_buffer(offsets.data), pa.py_buffer(text)
    )


def _pairs(values: pa.StringArray) -> pa.StructArray:
    evens = np.arange(0, len(values), 2)
    prices = values.take(evens).cast(PRICE)
    quantities = values.take(evens + 1).cast(QUANTITY)
    return pa.StructArray.from_arrays([prices, quantities], fields=list(LEVELS.value_type))
