"""Small pieces of Arrow that staging is made of."""

import pyarrow as pa

from p2p_scrapy.warehouse.staging.compute import Column, Lists, Values, pc

SEPARATOR = "\x1f"
"""Stands in no name: joins values to one key."""
NULL = "\x1e"
"""Stands for a null in a key; PostgreSQL takes it, other than a zero byte."""


def whole(column: Column) -> Values:
    """A column as one array."""
    values: Values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return values


def differs_from_previous(column: Column) -> Values:
    """For each row whether its value is another than the row's before; the first is True."""
    values = whole(column)
    if not len(values):
        return pa.array([], pa.bool_())
    later, earlier = values.slice(1), values.slice(0, len(values) - 1)
    one_is_null = pc.not_equal(pc.is_null(later), pc.is_null(earlier))
    differs = pc.coalesce(pc.not_equal(later, earlier), one_is_null)
    return pa.concat_arrays([pa.array([True]), whole(differs)])


def any_of(*conditions: Values) -> Values:
    """Row by row, whether one of the conditions holds."""
    result, *others = conditions
    for other in others:
        result = pc.or_(result, other)
    return result


def numbered(starts: Values) -> Values:
    """The number of each row's group, from 0, where ``starts`` says that a new group begins."""
    counted = pc.cumulative_sum(starts.cast(pa.int32()))
    return whole(pc.subtract(counted, pa.scalar(1, pa.int32())))


def last_of_each(starts: Values) -> Values:
    """For each row whether it is the last of its group."""
    return pa.concat_arrays([starts.slice(1), pa.array([True] if len(starts) else [], pa.bool_())])


def key_of(*columns: Column) -> Values:
    """One text a row, equal exactly where all the columns are; null is a value of its own."""
    texts = [whole(column).cast(pa.string()) for column in columns]
    separator = pa.scalar(SEPARATOR, pa.string())
    joined_texts = pc.binary_join_element_wise(
        *texts, separator, null_handling="replace", null_replacement=NULL
    )
    return whole(joined_texts)


def lists_of(column: Column) -> Lists:
    """A column of lists of texts as one array of them."""
    lists = whole(column)
    assert isinstance(lists, pa.ListArray)  # noqa: S101 - the schema says so
    return lists


def joined(lists: Lists) -> Values:
    """A list of texts as one text a row; a null list stays null."""
    values = pc.fill_null(lists.values, NULL)
    rebuilt = pa.ListArray.from_arrays(lists.offsets, values, mask=pc.is_null(lists))
    return whole(pc.binary_join(rebuilt, SEPARATOR))


def exact_text(numbers: Column) -> Values:
    """The shortest text of each float64, which is the exchange's own number; null stays null.

    Values that repeat, as limits do, are written once.
    """
    encoded_numbers = pc.dictionary_encode(whole(numbers))
    return whole(pc.take(encoded_numbers.dictionary.cast(pa.string()), encoded_numbers.indices))


def encoded(keys: Values, table: pa.Table) -> tuple[Values, pa.Table]:
    """Each row's code among the different keys, and for each code, in order, a row that has it."""
    codes = pc.dictionary_encode(keys).indices
    if not len(codes):
        return codes, table
    is_new = differs_from_previous(pc.cumulative_max(codes))
    return codes, table.filter(is_new)
