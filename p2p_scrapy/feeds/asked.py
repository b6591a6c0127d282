"""What feeds were asked for, proved and completed before anything is asked of the exchange."""

import logging
import re
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scrapy.extensions.postprocessing import GzipPlugin

from p2p_scrapy.errors import UsageError

logger = logging.getLogger(__name__)

GZIP_SUFFIX = ".gz"
_APPENDED = (
    "The feed %s exists, and a second %s behind the first breaks it: "
    "-O replaces it, and JSON lines (.jsonl) can be appended to"
)
_NEEDS = {"s3": "boto3", "gs": "google.cloud"}
"""Packages that Scrapy's own storages need; without them it would go on without the feed."""


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
