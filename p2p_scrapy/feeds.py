"""Feeds: what Scrapy's exporters do not do by themselves."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from scrapy.exporters import CsvItemExporter
from scrapy.extensions.postprocessing import GzipPlugin

from p2p_scrapy.errors import UsageError

GZIP_SUFFIX = ".gz"


class AdCsvExporter(CsvItemExporter):
    """CSV whose lists are JSON text and whose times are ISO 8601 with their zone."""

    def serialize_field(self, field: Mapping[str, Any], name: str, value: Any) -> Any:
        """The text of a value that CSV has no own form for; all else as Scrapy does it."""
        if isinstance(value, list):
            return msgspec.json.encode(value).decode()
        if isinstance(value, datetime):
            return value.isoformat()
        return super().serialize_field(field, name, value)


def with_format(uri: str) -> str:
    """``ads.csv.gz`` is CSV, compressed: tell Scrapy, which looks at the last suffix alone."""
    path = Path(uri)
    if path.suffix != GZIP_SUFFIX or not path.with_suffix("").suffix:
        return uri
    return f"{uri}:{path.with_suffix('').suffix.removeprefix('.')}"


def prove_writable(feeds: dict[str, dict[str, Any]]) -> None:
    """Open every feed that is a plain file, before anything is asked of the exchange.

    Raises:
        UsageError: one cannot be written.
    """
    for uri in feeds:
        if uri == "-" or "%(" in uri or re.match(r"[a-z0-9]+:", uri):
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


def compress(feeds: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The FEEDS setting with what is named ``.gz`` written through gzip."""
    return {
        uri: {**feed, "postprocessing": [GzipPlugin]} if uri.endswith(GZIP_SUFFIX) else feed
        for uri, feed in feeds.items()
    }
