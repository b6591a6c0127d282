"""Files of the archive on disk: in stretches that a broken download goes on from, then proved."""

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import IO
from urllib.parse import quote

from p2p_scrapy.futures.archive.checksum import parse_checksum, sha256_of
from p2p_scrapy.futures.archive.errors import (
    AbsentError,
    ArchiveLinkError,
    ChecksumError,
    PassingError,
    StoppedError,
)
from p2p_scrapy.futures.archive.series import ArchiveFile
from p2p_scrapy.futures.archive.wire import Answer, Wire

LEAST_STRETCH = 64 * 1024
MOST_STRETCH = 8 * 1024 * 1024
"""Bytes asked for at once: half as many after each that did not arrive, so that slow lines do."""

_TIMES_READ = 2
"""A file whose bytes are wrong is read once more from its start, since Binance may replace it."""
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class Downloads:
    """The folder of files that are on their way.

    Args:
        wire: asks the archive.
        archive_url: FUTURES_ARCHIVE_URL.
        folder: where they lie until they are in the lake.
        on_bytes: told of every stretch that has arrived.
    """

    def __init__(
        self, wire: Wire, archive_url: str, folder: Path, on_bytes: Callable[[int], None]
    ) -> None:
        self._wire = wire
        self._archive_url = archive_url
        self._on_bytes = on_bytes
        self.folder = folder

    def url(self, file: ArchiveFile) -> str:
        """Where the archive has it; symbols may be of any letters."""
        return f"{self._archive_url}/{quote(file.key)}"

    async def checksum(self, file: ArchiveFile) -> str:
        """The SHA-256 that the archive tells of a file.

        Raises:
            ChecksumError: it tells none.
            ArchiveLinkError: there is no answer.
        """
        try:
            content = await self._wire.body(f"{self.url(file)}.CHECKSUM")
        except AbsentError as error:
            raise ChecksumError(f"{file.zip_name} has no CHECKSUM") from error
        return parse_checksum(content, file.zip_name)

    async def fetch(self, file: ArchiveFile, sha256: str) -> Path:
        """The file with this SHA-256; what an earlier run has of it is not asked for again.

        Raises:
            AbsentError: HTTP 404.
            ChecksumError: its bytes are others.
            ArchiveLinkError: there is no answer.
            OSError: the disk's trouble.
        """
        part = self.folder / f"{file.zip_name}.{sha256[:16]}.part"
        for other in self.folder.glob(f"{file.zip_name}.*.part"):
            if other != part:  # of what Binance has replaced
                other.unlink()
        for _ in range(_TIMES_READ):
            await self._complete(part, self.url(file))
            if await asyncio.to_thread(sha256_of, part) == sha256:
                return part
            part.unlink()
        raise ChecksumError(f"{file.zip_name} has not the SHA-256 that its CHECKSUM tells")

    async def _complete(self, part: Path, url: str) -> None:
        patience, stretch = self._wire.patience(), MOST_STRETCH
        with part.open("ab", buffering=0) as file:
            while True:
                if self._wire.stop.is_set():
                    raise StoppedError(url)
                try:
                    if await self._stretch(file, url, stretch):
                        return
                except PassingError as trouble:
                    stretch = max(stretch // 2, LEAST_STRETCH)
                    await patience.after(trouble)
                else:
                    stretch = min(stretch * 2, MOST_STRETCH)
                    patience.restore()

    async def _stretch(self, file: IO[bytes], url: str, most: int) -> bool:
        """Fetch the next bytes; whether they were the last."""
        begin = file.tell()
        headers = {"Range": f"bytes={begin}-{begin + most - 1}", "Accept-Encoding": "identity"}
        answer = await self._wire.ask(url, headers)
        if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return True  # all of it is here already
        if answer.status == HTTPStatus.OK:  # the whole file, whatever was asked for
            file.truncate(0)
        total = len(answer.body) if answer.status == HTTPStatus.OK else _total(answer, begin, url)
        file.write(answer.body)
        self._on_bytes(len(answer.body))
        if answer.is_cut:
            raise PassingError(f"{url}: the connection was cut")
        return file.tell() >= total


def _total(answer: Answer, begin: int, url: str) -> int:
    """The size of the whole file.

    Raises:
        ArchiveLinkError: these are other bytes than those asked for.
    """
    found = _RANGE.fullmatch(answer.content_range)
    if found is None or int(found[1]) != begin:
        raise ArchiveLinkError(f"{url} gives other bytes than asked for: {answer.content_range!r}")
    return int(found[2])
