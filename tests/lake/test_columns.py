import pyarrow as pa
import pytest

from p2p_scrapy.lake.columns import CHUNK_ROWS, Columns

SCHEMA = pa.schema([("number", pa.int64()), ("names", pa.list_(pa.string()))])


def rows(count):
    return [(number, [f"{number}", None]) for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 2500])
def test_rows_come_back_in_order_whatever_their_number(count):
    columns = Columns(SCHEMA)
    for row in rows(count):
        columns.append(row)
    table = columns.table()
    assert table.schema == SCHEMA
    assert [tuple(row.values()) for row in table.to_pylist()] == rows(count)


def test_a_table_is_handed_over():
    columns = Columns(SCHEMA)
    columns.append((1, []))
    assert columns.table().num_rows == 1
    assert columns.table().num_rows == 0


@pytest.mark.parametrize("row", [(1,), (1, [], 2), ()])
def test_a_row_has_a_value_for_every_column(row):
    with pytest.raises(ValueError, match="zip"):
        Columns(SCHEMA).append(row)


def test_nulls_are_nulls():
    columns = Columns(SCHEMA)
    columns.append([None, None])
    assert columns.table().to_pylist() == [{"number": None, "names": None}]


def test_a_value_of_another_type_is_refused():
    columns = Columns(SCHEMA)
    columns.append(["no number", []])
    with pytest.raises(pa.ArrowInvalid):
        columns.table()
