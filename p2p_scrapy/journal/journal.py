"""An append-only file of records.

A record is its length and its CRC-32 (two unsigned 32-bit numbers, little-endian) and a
MessagePack array of a kind and a payload. One write() call a record: what a killed process had
appended is in the kernel's hands and whole, up to a torn last record that a reader leaves out.
"""

import errno
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from p2p_scrapy.errors import DiskFullError

Record = tuple[str, Any]
"""A kind and a payload; tuples come back as lists, times as aware datetimes in UTC."""

_HEAD = struct.Struct("<II")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class Journal:
    """A journal open for appending; the file is made, or its torn tail cut off, at opening.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._size = sum(length for _, length in _whole_records(path)) if path.exists() else 0
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644)
        os.ftruncate(self._file, self._size)

    def append(self, kind: str, payload: Any) -> None:
        """Add a record, whole or not at all.

        Raises:
            DiskFullError: there is no room for it; what was appended before stays readable.
            OSError: any other trouble of the disk.
        """
        body = _encode((kind, payload))
        record = _HEAD.pack(len(body), zlib.crc32(body)) + body
        try:
            _write_whole(self._file, record, self._size)
        except OSError as error:
            os.ftruncate(self._file, self._size)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(f"no space left for {self.path}") from error
            raise
        self._size += len(record)

    def sync(self) -> None:
        """Wait until what was appended would outlive the machine's power, not the process alone."""
        os.fdatasync(self._file)

    def close(self) -> None:
        """Let go of the file, which stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def read(path: Path) -> Iterator[Record]:
    """The whole records of a journal, in order; a torn tail ends it without complaint."""
    for body, _ in _whole_records(path):
        kind, payload = _decode(body)
        yield kind, payload


def damaged_bytes(path: Path) -> int:
    """Bytes behind the last readable record that a kill does not explain.

    A kill leaves a record that is cut short, a power cut may leave zeros; a record of full length
    whose checksum is wrong is neither.
    """
    offset = sum(length for _, length in _whole_records(path))
    with path.open("rb") as file:
        file.seek(offset)
        rest = file.read()
    if len(rest) < _HEAD.size:
        return 0
    length, _ = _HEAD.unpack_from(rest)
    is_cut_short = not length or len(rest) < _HEAD.size + length
    return 0 if is_cut_short else len(rest)


def _whole_records(path: Path) -> Iterator[tuple[bytes, int]]:
    left = path.stat().st_size
    with path.open("rb") as file:
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            length, checksum = _HEAD.unpack(head)
            left -= _HEAD.size + length
            if not length or left < 0:  # zeros, as a power cut may leave them, or a torn record
                return
            body = file.read(length)
            if zlib.crc32(body) != checksum:
                return
            yield body, _HEAD.size + length


def _write_whole(file: int, record: bytes, offset: int) -> None:
    written = os.pwrite(file, record, offset)
    while written < len(record):
        written += os.pwrite(file, record[written:], offset + written)
