"""Small pieces of Arrow that staging is made of."""

import pyarrow as pa
import pyarrow.compute as pc

SEPARATOR = "\x1f"
"""Stands in no name: joins values to one key."""
NULL = "\x1e"
"""Stands for a null in a key; PostgreSQL takes it, other than a zero byte."""


def differs_from_previous(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """For each row whether its value is another than the row's before; the first is True."""
    values = _whole(column)
    if not len(values):
        return pa.array([], pa.bool_())
    later, earlier = values.slice(1), values.slice(0, len(values) - 1)
    one_is_null = pc.not_equal(pc.is_null(later), pc.is_null(earlier))
    differs = pc.coalesce(pc.not_equal(later, earlier), one_is_null)
    return pa.concat_arrays([pa.array([True]), _whole(differs)])


def any_of(*conditions: pa.Array) -> pa.Array:
    """Row by row, whether one of the conditions holds."""
    result, *others = conditions
    for other in others:
        result = pc.or_(result, other)
    return result


def numbered(starts: pa.Array) -> pa.Array:
    """The number of each row's group, from 0, where ``starts`` says that a new group begins."""
    return pc.subtract(pc.cumulative_sum(starts.cast(pa.int32())), pa.scalar(1, pa.int32()))


def last_of_each(starts: pa.Array) -> pa.Array:
    """For each row whether it is the last of its group."""
    return pa.concat_arrays([starts.slice(1), pa.array([True] if len(starts) else [], pa.bool_())])


def key_of(*columns: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One text a row that is equal exactly where all the columns are; null is a value of its own."""
    texts = [_whole(column).cast(pa.string()) for column in columns]
    separator = pa.scalar(SEPARATOR, pa.string())
    return _whole(
        pc.binary_join_element_wise(
            *texts, separator, null_handling="replace", null_replacement=NULL
        )
    )


def joined(lists: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A list of texts as one text a row; null stays null, and a null in a list is left out."""
    column = _whole(lists)
    values = pc.fill_null(column.values, NULL)
    rebuilt = pa.ListArray.from_arrays(column.offsets, values, mask=pc.is_null(column))
    return _whole(pc.binary_join(rebuilt, SEPARATOR))


def exact_text(numbers: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The shortest text of each float64, which is the exchange's own number; null stays null.

    Values that repeat, as limits do, are written once.
    """
    encoded = _whole(numbers).dictionary_encode()
    return pc.take(encoded.dictionary.cast(pa.string()), encoded.indices)


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array without an offset of its own."""
    if isinstance(column, pa.ChunkedArray):
        combined = column.combine_chunks()
        return combined if isinstance(combined, pa.Array) else pa.concat_arrays(combined.chunks)
    return column


def encoded(keys: pa.Array, table: pa.Table) -> tuple[pa.Array, pa.Table]:
    """Each row's code among the different keys, and for each code, in order, a row that has it."""
    codes = keys.dictionary_encode().indices
    if not len(codes):
        return codes.cast(pa.int32()), table
    is_new = differs_from_previous(pc.cumulative_max(codes))
    return codes, table.filter(is_new)
