"""Feeds that are files: whole under their name, or not there."""

import io
import logging
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.extensions.feedexport import FileFeedStorage

from items import Verdict
from p2p_scrapy.census.outcome import is_empty
from p2p_scrapy.feeds.failures import FAILED

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from p2p_scrapy.census.batch import Batch

logger = logging.getLogger(__name__)


class FeedFile(io.FileIO):
    """A feed on its way to the disk, which may refuse it; that ends the feed, and not the crawl.

    Attributes:
        trouble: why nothing more is written; None while all is well.
    """

    trouble: OSError | None = None

    def write(self, data: "ReadableBuffer") -> int:
        """Write, or from the first trouble on take the bytes and do nothing with them."""
        if self.trouble is None:
            try:
                return super().write(data)
            except OSError as error:
                self.trouble = error
        return memoryview(data).nbytes


class WholeFileFeedStorage(FileFeedStorage):
    """A feed that overwrites (-O) takes its name when it is whole.

    One without an ad replaces no other, unless every book that was to be read is known to be empty.
    """

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        super().__init__(uri, feed_options=feed_options)
        self._final = Path(self.path)
        self._spider: Spider | None = None

    def open(self, spider: Spider) -> IO[bytes]:
        """A hidden file beside the feed, or for -o the feed itself."""
        self._spider = spider
        if self.write_mode == "wb":
            self.path = str(self._final.with_name(f".{self._final.name}.tmp"))
        self._final.parent.mkdir(parents=True, exist_ok=True)
        self._file = FeedFile(self.path, self.write_mode)
        return io.BufferedWriter(self._file)

    def store(self, file: IO[bytes]) -> None:
        """Close the file and give it its name."""
        file.close()
        written = Path(self.path)
        if self._file.trouble is not None:
            self._give_up(written, self._file.trouble)
            return
        if written == self._final:
            return
        if self._final.exists() and self._knows_nothing():
            written.unlink()
            logger.warning("%s is left as it was: the batch has read no ad", self._final)
            return
        written.replace(self._final)

    def _give_up(self, written: Path, trouble: OSError) -> None:
        what = "its end is missing" if written == self._final else "what stood there is left"
        if written != self._final:
            written.unlink()
        logger.error("The feed %s cannot be written: %s; %s", self._final, trouble.strerror, what)
        if self._spider is not None and self._spider.crawler.stats is not None:
            self._spider.crawler.stats.inc_value(f"{FAILED}/{type(self).__name__}")

    def _knows_nothing(self) -> bool:
        batch: Batch | None = getattr(self._spider, "batch", None)
        if batch is None or any(sweep.kept for sweep in batch.ledger.sweeps.values()):
            return False
        rows = batch.ledger.rows
        complete = [row for row in rows if row.verdict == Verdict.COMPLETE]
        return is_empty(batch, rows) or len(complete) < len(batch.agenda.planned)
