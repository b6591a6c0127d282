"""Feeds: what Scrapy's exporters do not do by themselves."""

import io
import logging
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec
from scrapy import Spider
from scrapy.exporters import CsvItemExporter
from scrapy.extensions.feedexport import FileFeedStorage
from scrapy.extensions.postprocessing import GzipPlugin

from p2p_scrapy.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)

GZIP_SUFFIX = ".gz"
_FAILED = "feedexport/failed_count"
"""Scrapy's own count of feeds that it could not store begins so."""
_APPENDED = (
    "The feed %s exists, and a second %s behind the first breaks it: "
    "-O replaces it, and JSON lines (.jsonl) can be appended to"
)
_NEEDS = {"s3": "boto3", "gs": "google.cloud"}
"""Packages that Scrapy's own storages need; without them it would go on without the feed."""


class AdCsvExporter(CsvItemExporter):
    """CSV whose lists are JSON text and whose times are ISO 8601 with their zone."""

    def serialize_field(self, field: Mapping[str, Any], name: str, value: Any) -> Any:
        """The text of a value that CSV has no own form for; all else as Scrapy does it."""
        if isinstance(value, list):
            return msgspec.json.encode(value).decode()
        if isinstance(value, datetime):
            return value.isoformat()
        return super().serialize_field(field, name, value)


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
            self._spider.crawler.stats.inc_value(f"{_FAILED}/{type(self).__name__}")

    def _has_nothing(self) -> bool:
        batch = getattr(self._spider, "batch", None)
        return batch is not None and not any(s.kept for s in batch.ledger.sweeps.values())


def have_failed(stats: "StatsCollector | None") -> bool:
    """Whether a feed of a crawl was not written."""
    return any(name.startswith(_FAILED) for name in (stats.get_stats() if stats else ()))


def with_format(uri: str) -> str:
    """``ads.csv.gz`` is CSV, compressed: tell Scrapy, which looks at the last suffix alone."""
    path = Path(uri)
    if path.suffix != GZIP_SUFFIX or not path.with_suffix("").suffix:
        return uri
    return f"{uri}:{path.with_suffix('').suffix.removeprefix('.')}"


def prove_writable(feeds: Collection[str], schemes: Collection[str]) -> None:
    """Open every feed that is a plain file, before anything is asked of the exchange.

    ``schemes`` are those that some storage serves.

    Raises:
        UsageError: one cannot be written.
    """
    for uri in feeds:
        if scheme := re.match(r"([a-z0-9]+):", uri):
            _check_scheme(uri, scheme[1], schemes)
            continue
        if uri == "-" or "%(" in uri:
            continue
        path = Path(uri)
        was_there = path.exists()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("ab").close()
        except OSError as error:
            raise UsageError(f"the feed {path} cannot be written: {error.strerror}") from error
        if not was_there:
            path.unlink()


def warn_of_appending(feeds: Mapping[str, Mapping[str, Any]]) -> None:
    """Say which files are broken by what is appended to them (-o); the batch is worth more."""
    for uri, feed in feeds.items():
        is_whole = feed.get("format") not in ("jsonl", "jsonlines", "jl")
        path = Path(uri.removeprefix("file://"))
        if is_whole and not feed.get("overwrite") and path.is_file() and path.stat().st_size:
            logger.warning(_APPENDED, path, feed.get("format"))


def _check_scheme(uri: str, scheme: str, schemes: Collection[str]) -> None:
    if scheme not in schemes:
        known = ", ".join(sorted(filter(None, schemes)))
        raise UsageError(f"the feed {uri} cannot be written: no {scheme}: here, only {known}")
    needed = _NEEDS.get(scheme)
    if needed and find_spec(needed.partition(".")[0]) is None:
        raise UsageError(f"the feed {uri} needs the package {needed}, which is not installed")


def compress(feeds: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The FEEDS setting with what is named ``.gz`` written through gzip."""
    return {
        uri: {**feed, "postprocessing": [GzipPlugin]} if uri.endswith(GZIP_SUFFIX) else feed
        for uri, feed in feeds.items()
    }
