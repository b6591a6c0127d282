"""A zip of the archive as blocks of whole CSV lines; its header is proved, where it has one."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from p2p_scrapy.futures.archive.errors import ContentError

BLOCK_BYTES = 4 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def unpack(path: Path, csv_name: str, columns: Sequence[str]) -> Iterator[bytes]:
    """Blocks of whole lines, without the header; a file without rows gives none.

    Files before 2022-08 have no header, later ones do (binance-futures-api, section 1).

    Raises:
        ContentError: it is no zip of that one CSV, damaged, or has other columns.
    """
    with _damage_told(path), zipfile.ZipFile(path) as archive:
        if (names := archive.namelist()) != [csv_name]:
            raise ContentError(f"{path.name} holds {', '.join(names) or 'nothing'}, not {csv_name}")
        with archive.open(csv_name) as file:
            for number, block in enumerate(_whole_lines(file)):
                rows = block if number else _without_header(block, columns)
                if rows:
                    yield rows


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while read := file.read(BLOCK_BYTES):
        cut = read.rfind(b"\n") + 1
        if cut:
            yield rest + read[:cut]
            rest = read[cut:]
        else:
            rest += read
    if rest:
        yield rest


def _without_header(block: bytes, columns: Sequence[str]) -> bytes:
    """A first byte that is no digit begins a header, whose names have to be the known ones."""
    block = block.removeprefix(_BYTE_ORDER_MARK)
    if block[:1].isdigit():
        return block
    header, _, rows = block.partition(b"\n")
    names = header.decode("utf-8", "replace").strip().split(",")
    if names != list(columns):
        raise ContentError(f"its columns are {','.join(names)[:200]}, not {','.join(columns)}")
    return rows


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ContentError(f"{path.name} is no whole zip: {error}") from error
