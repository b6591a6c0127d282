"""Reading Parquet with every page's checksum verified."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.errors import P2PError
from p2p_scrapy.lake.inspection.thrift import first_page_has_crc

_ROWS_AT_ONCE = 50_000
_DAMAGE = (pa.ArrowException, OSError, ValueError)
"""What pyarrow raises on damaged bytes; text that is not UTF-8 is a ValueError."""


class UnreadableFileError(P2PError):
    """A file is damaged or is not Parquet.

    Attributes:
        checksum: whether a page checksum told it.
        why: what is wrong, in which columns where that is known.
    """

    def __init__(self, path: Path, why: str, *, checksum: bool) -> None:
        super().__init__(f"{path}: {why}")
        self.why = why
        self.checksum = checksum


def read_table(path: Path) -> pa.Table:
    """Read a whole file, every column in one chunk.

    Raises:
        UnreadableFileError: it is damaged, or is not Parquet.
    """
    with _opened(path) as file:
        table = file.read().combine_chunks()
        table.validate(full=True)
        return table


def read_pieces(path: Path) -> Iterator[pa.Table]:
    """Read a file of any size, 50,000 rows at once; an empty one gives one empty table.

    Raises:
        UnreadableFileError: it is damaged, or is not Parquet.
    """
    with _opened(path) as file:
        if file.metadata.num_rows == 0:
            yield file.schema_arrow.empty_table()
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            batch.validate(full=True)
            yield pa.Table.from_batches([batch])


def has_page_checksums(path: Path) -> bool:
    """Whether the first page of a file carries a checksum; True where there is no page.

    Raises:
        UnreadableFileError: it is damaged, or is not Parquet.
    """
    with _opened(path) as file:
        if file.metadata.num_rows == 0:
            return True
        column = file.metadata.row_group(0).column(0)
        offset = column.dictionary_page_offset or column.data_page_offset
        return first_page_has_crc(path, offset)


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except _DAMAGE as error:
        why = f"{_reason(error)}{_broken_columns(path)}"
        raise UnreadableFileError(path, why, checksum="checksum" in why) from error


def _reason(error: BaseException) -> str:
    """The first line: what follows are addresses in Arrow's own source."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (reason.splitlines() or [type(error).__name__])[0].strip()


def _broken_columns(path: Path) -> str:
    """Which columns do not read, where that can be found out."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            names = [name for name in file.schema_arrow.names if not _reads(file, name)]
    except _DAMAGE:
        return ""
    return f"; in {', '.join(names)}" if names else ""


def _reads(file: pq.ParquetFile, name: str) -> bool:
    try:
        file.read(columns=[name]).validate(full=True)
    except _DAMAGE:
        return False
    return True
