"""The one thing about a Parquet page that pyarrow does not tell: whether it has a checksum."""

from pathlib import Path

_I32 = 5
_CRC_FIELD = 4
_MOST_HEADER = 64


def first_page_has_crc(path: Path, offset: int) -> bool:
    """Whether the page header at ``offset`` has its crc field.

    A header is a struct in Thrift's compact protocol: type, uncompressed size, compressed size
    and crc are its fields 1 to 4, each a byte (the step from the last field in the high half, the
    type in the low half) and a number of 7-bit groups (Parquet format, parquet.thrift).
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        header = stream.read(_MOST_HEADER)
    field = at = 0
    while at < len(header) and header[at] & 0x0F == _I32:
        field += header[at] >> 4
        if field == _CRC_FIELD:
            return True
        at = _after_number(header, at + 1)
    return False


def _after_number(header: bytes, at: int) -> int:
    while at < len(header) and header[at] & 0x80:
        at += 1
    return at + 1
