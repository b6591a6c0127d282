"""One file's way: its CHECKSUM, its bytes, its rows in the lake; what goes wrong is that file's."""

import asyncio
import logging
from pathlib import Path

from p2p_scrapy.futures.archive.conversion import Conversion
from p2p_scrapy.futures.archive.course import Course
from p2p_scrapy.futures.archive.download import Downloads
from p2p_scrapy.futures.archive.errors import ArchiveError, StoppedError
from p2p_scrapy.futures.archive.listing import Listed
from p2p_scrapy.futures.archive.series import ArchiveFile
from p2p_scrapy.futures.archive.stored import Stored, remove_days_of
from p2p_scrapy.futures.archive.writing import Source

logger = logging.getLogger(__name__)


class Intake:
    """Brings files of the archive into the lake; one is read at a time, to bound the memory.

    Args:
        downloads: fetches them.
        data_dir: P2P_DATA_DIR.
        course: what became of each is entered there.
    """

    def __init__(self, downloads: Downloads, data_dir: Path, course: Course) -> None:
        self._downloads = downloads
        self._data_dir = data_dir
        self._course = course
        self._reading = asyncio.Lock()

    async def take(self, file: ArchiveFile, listed: Listed, stored: Stored | None) -> bool:
        """Fetch and store it, unless the lake has these very bytes; whether it is there now.

        Args:
            file: what to take.
            listed: what the listing told of it.
            stored: what the lake has of it.

        Raises:
            StoppedError: the run is ending; what has arrived is kept.
            OSError: the disk's trouble.
        """
        try:
            sha256 = await self._downloads.checksum(file)
            if stored is not None and stored.source.sha256 == sha256:
                self._course.kept(stored)
            else:
                await self._store(file, listed, sha256)
        except StoppedError:
            raise
        except ArchiveError as error:
            logger.warning("%s is not stored: %s", file.stem, error)
            self._course.lost(file, str(error))
            return False
        finally:
            self._course.tallies[file.series].done += 1
        return True

    async def _store(self, file: ArchiveFile, listed: Listed, sha256: str) -> None:
        part = await self._downloads.fetch(file, sha256)
        source = Source(self._downloads.url(file), sha256, part.stat().st_size, listed.modified)
        target = file.parquet(self._data_dir)
        conversion = Conversion(part, source, file, target, self._downloads.folder)
        async with self._reading:
            found = await asyncio.to_thread(conversion.run)
        part.unlink()  # one that cannot be read stays, so that it is not fetched again and again
        if file.period.is_month:
            remove_days_of(self._data_dir, file)
        self._course.stored(Stored(file, source, found))
        _tell(Stored(file, source, found))


def _tell(stored: Stored) -> None:
    found = stored.found
    order = ", put in order" if found.was_sorted else ""
    logger.info("%s: %s rows%s", stored.file.stem, f"{found.rows:,}", order)
    for fault in found.faults:
        logger.warning("%s: %s", stored.file.stem, fault)
    if not found.rows:
        logger.warning("%s: it has no rows", stored.file.stem)
