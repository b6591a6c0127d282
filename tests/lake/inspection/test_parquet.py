"""Damaged bytes: always found, always told apart, never a traceback."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from p2p_scrapy.lake.inspection import Outcome


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 0x01
    path.write_bytes(content)
    return path


def middle_of(path, column):
    """Somewhere in the data of a column's pages."""
    metadata = pq.read_metadata(path)
    group = metadata.row_group(0)
    chunk = next(
        group.column(i)
        for i in range(group.num_columns)
        if group.column(i).path_in_schema == column
    )
    return (
        (chunk.dictionary_page_offset or chunk.data_page_offset) + chunk.total_compressed_size - 3
    )


@pytest.mark.parametrize("column", ["price", "adv_no", "payment_methods.list.element"])
def test_a_flipped_byte_is_found_and_its_column_named(lake, inspect, troubles, column):
    path = lake.snapshot()
    flip(path, middle_of(path, column))
    report = inspect(path)
    assert troubles(report) == {"page_checksums": Outcome.FAILED}
    (finding,) = report.tallies.named("page_checksums").findings
    assert finding.path == path
    assert finding.what.endswith(f"; in {column.split('.')[0]}")
    assert report.tallies.named("prices").outcome is Outcome.NOT_CHECKED


def test_a_flipped_byte_is_found_or_changes_nothing(lake, inspect):
    """Page headers and the footer carry statistics, which no checksum covers."""
    path = lake.snapshot()
    whole, table = path.read_bytes(), pq.read_table(path, partitioning=None)
    for at in range(0, len(whole), 131):
        path.write_bytes(whole)
        if inspect(flip(path, at)).outcome is not Outcome.FAILED:
            assert pq.read_table(path, partitioning=None).equals(table), at


def test_with_its_manifest_every_flipped_byte_is_found(lake, inspect, troubles):
    path = lake.snapshot()
    lake.manifest()
    whole = path.read_bytes()
    for at in range(0, len(whole), 311):
        path.write_bytes(whole)
        assert "file_checksums" in troubles(inspect(flip(path, at))), at


@pytest.mark.parametrize("content", [b"", b"PAR1", b"price,adv_no\n1,2\n" * 9, b"PAR1" * 50])
def test_what_is_not_parquet_is_said(lake, inspect, troubles, content):
    path = lake.snapshot()
    path.write_bytes(content)
    report = inspect(path)
    assert troubles(report) == {"readable": Outcome.FAILED}
    assert "\n" not in report.tallies.named("readable").findings[0].what


def test_half_a_file_is_said(lake, inspect, troubles):
    path = lake.snapshot()
    path.write_bytes(path.read_bytes()[:3000])
    assert troubles(inspect(path)) == {"readable": Outcome.FAILED}


def test_text_that_is_no_text_is_found(lake, inspect, troubles):
    path = lake.snapshot()
    table = pq.read_table(path, partitioning=None)
    broken = pa.array([b"\xff\xfe"] * len(table), pa.binary()).view(pa.string())
    at = table.schema.names.index("asset")
    pq.write_table(table.set_column(at, "asset", broken), path, write_page_checksum=True)
    report = inspect(path)
    assert troubles(report) == {"readable": Outcome.FAILED}


def test_a_file_without_page_checksums_is_a_warning(lake, inspect, troubles):
    path = lake.snapshot()
    pq.write_table(pq.read_table(path, partitioning=None), path)
    assert troubles(inspect(path)) == {"checksums_present": Outcome.WARNING}


def test_encodings_without_a_dictionary_carry_checksums_too(lake, inspect, troubles):
    path = lake.snapshot()
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table, path, use_dictionary=False, write_page_checksum=True)
    assert troubles(inspect(path)) == {}
