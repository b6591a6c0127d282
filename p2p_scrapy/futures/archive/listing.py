"""S3's listing of the archive's bucket, ListObjects version 1 (binance-futures-api, section 1)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from scrapy import Selector

from p2p_scrapy.futures.archive.errors import ListingError
from p2p_scrapy.futures.archive.series import Period, Series

_ROOT = "ListBucketResult"


@dataclass(frozen=True, slots=True)
class Listed:
    """An object of the bucket, as listed; what the listing does not tell is None.

    Attributes:
        size: bytes.
        modified: when it was written, as S3 says it: ``2026-09-02T07:40:48.000Z``.
    """

    key: str
    size: int | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One answer; ``marker`` asks for the next, None ends the listing."""

    objects: tuple[Listed, ...]
    marker: str | None


def parse_page(body: bytes) -> ListingPage:
    """Read an answer.

    Raises:
        ListingError: it is none.
    """
    root = Selector(text=body.decode("utf-8", "replace"), type="xml")
    root.remove_namespaces()
    if not root.xpath(f"/{_ROOT}"):
        shown = " ".join(body[:80].decode("utf-8", "replace").split())
        raise ListingError(f"this is no listing of a bucket: {shown}")
    objects = tuple(_listed(each) for each in root.xpath(f"/{_ROOT}/Contents"))
    if root.xpath(f"/{_ROOT}/IsTruncated/text()").get("false").strip() != "true":
        return ListingPage(objects, None)
    # Without a delimiter S3 names no next marker: the last key is it.
    last = objects[-1].key if objects else None
    return ListingPage(objects, root.xpath(f"/{_ROOT}/NextMarker/text()").get(last))


async def list_folder(
    get: Callable[[str], Awaitable[bytes]], listing_url: str, prefix: str
) -> AsyncIterator[Listed]:
    """Every object directly below a folder, page after page.

    Raises:
        ListingError: an answer is no listing, or does not come any further.
        ArchiveLinkError: there is no answer.
    """
    marker: str | None = ""
    while marker is not None:
        asked = {"delimiter": "/", "prefix": prefix} | ({"marker": marker} if marker else {})
        page = parse_page(await get(f"{listing_url}?{urlencode(asked)}"))
        for each in page.objects:
            yield each
        if page.marker is not None and page.marker <= marker:
            raise ListingError(f"the listing of {prefix} does not come further than {marker}")
        marker = page.marker


async def list_series(
    get: Callable[[str], Awaitable[bytes]], listing_url: str, series: Series
) -> dict[Period, Listed]:
    """The months and days of a series that the archive has.

    Raises:
        ListingError, ArchiveLinkError: as above.
    """
    found = {}
    for is_monthly in (True, False):
        prefix = series.prefix(is_monthly=is_monthly)
        async for each in list_folder(get, listing_url, prefix):
            if (period := _period_of(each.key, prefix, series)) is not None:
                found[period] = each
    return found


def _period_of(key: str, prefix: str, series: Series) -> Period | None:
    """Which period a listed zip is of; None for its CHECKSUM and whatever else lies there."""
    stem = f"{prefix}{series.symbol}-{series.interval or series.dataset}-"
    if not (key.startswith(stem) and key.endswith(".zip")):
        return None
    try:
        return Period.parse(key.removeprefix(stem).removesuffix(".zip"))
    except ValueError:
        return None


def _listed(contents: Selector) -> Listed:
    size = contents.xpath("Size/text()").get()
    key = contents.xpath("Key/text()").get("")
    return Listed(key, int(size) if size else None, contents.xpath("LastModified/text()").get())
