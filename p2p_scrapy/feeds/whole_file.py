"""Feeds that are files: whole under their name, or not there."""

import io
import logging
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.extensions.feedexport import FileFeedStorage

from p2p_scrapy.feeds.failures import FAILED

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

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
    """A feed that overwrites (-O) takes its name when it is whole, and never for no ad at all."""

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
        if self._final.exists() and self._has_nothing():
            written.unlink()
            logger.warning("%s is left as it was: the batch holds no ad", self._final)
            return
        written.replace(self._final)

    def _give_up(self, written: Path, trouble: OSError) -> None:
        what = "its end is missing" if written == self._final else "what stood there is left"
        if written != self._final:
            written.unlink()
        logger.error("The feed %s cannot be written: %s; %s", self._final, trouble.strerror, what)
        if self._spider is not None and self._spider.crawler.stats is not None:
            self._spider.crawler.stats.inc_value(f"{FAILED}/{type(self).__name__}")

    def _has_nothing(self) -> bool:
        batch = getattr(self._spider, "batch", None)
        return batch is not None and not any(s.kept for s in batch.ledger.sweeps.values())
