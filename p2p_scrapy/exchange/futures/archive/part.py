"""The archive's paths: objects with ranges, and the listing of the bucket."""

import hashlib
import re
from collections import Counter
from http import HTTPStatus
from xml.sax.saxutils import escape

from aiohttp import web

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.deliveries import hang_up
from p2p_scrapy.exchange.futures.archive.bucket import Bucket, Stored
from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions

BUCKET = "data.binance.vision"
PAGE = 1000
"""Objects in an answer of the listing, zips and CHECKSUMs alike."""

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_CUTS, _BUSY = 3, 2
_TYPE = "application/xml"


class FuturesArchive:
    """Serves the bucket.

    Attributes:
        bucket: what there is.
        asked: how often each object was asked for; a listing by its prefix.
        sent: bytes of objects that left.
    """

    def __init__(self, options: ArchiveOptions, seed: int, clock: Clock) -> None:
        self.bucket = Bucket(options, seed, clock)
        self.asked: Counter[str] = Counter()
        self.sent = 0

    def routes(self) -> list[web.RouteDef]:
        """Where they are found."""
        return [
            web.get(f"/{BUCKET}", self._listing),
            web.get("/data/futures/um/{rest:.*}", self._object),
        ]

    async def _listing(self, request: web.Request) -> web.Response:
        prefix, marker = request.query.get("prefix", ""), request.query.get("marker", "")
        self.asked[f"{prefix}?"] += 1
        found = [each for each in self.bucket.keys(prefix) if each.key > marker]
        page = found[:PAGE]
        is_truncated = len(found) > PAGE
        with_delimiter = "delimiter" in request.query
        parts = [f"<Name>{BUCKET}</Name><Prefix>{escape(prefix)}</Prefix>"]
        parts.append(f"<Marker>{escape(marker)}</Marker><MaxKeys>{PAGE}</MaxKeys>")
        if is_truncated and with_delimiter:
            parts.append(f"<NextMarker>{escape(page[-1].key)}</NextMarker>")
        parts.append(f"<IsTruncated>{'true' if is_truncated else 'false'}</IsTruncated>")
        parts += [_contents(each) for each in page]
        folders = self.bucket.folders(prefix) if with_delimiter else []
        parts += [
            f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in folders
        ]
        text = f'{_HEAD}<ListBucketResult xmlns="{_NAMESPACE}">{"".join(parts)}</ListBucketResult>'
        return web.Response(text=text, content_type=_TYPE)

    async def _object(self, request: web.Request) -> web.StreamResponse:
        key = request.path.removeprefix("/")
        self.asked[key] += 1
        stem = key.rpartition("/")[2].removesuffix(".zip")
        options, times = self.bucket.options, self.asked[key]
        found = self.bucket.find(key)
        if found is None or options.has("gone-file", stem):
            return _no_such_key(key)
        if options.has("busy-file", stem) and times <= _BUSY:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text="Slow Down")
        is_ranged = not options.has("no-range", stem)
        status, headers, body = _answer(request, found, is_ranged=is_ranged)
        if options.has("cut-file", stem) and times <= _CUTS:
            return await self._cut(request, status, headers, body)
        self.sent += len(body)
        return web.Response(status=status, headers=headers, body=body)

    async def _cut(
        self, request: web.Request, status: int, headers: dict[str, str], body: bytes
    ) -> web.StreamResponse:
        response = web.StreamResponse(status=status, headers=headers)
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        self.sent += len(body) // 2
        return hang_up(request, response)


def _answer(
    request: web.Request, stored: Stored, *, is_ranged: bool
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and bytes."""
    body = stored.body()
    headers = {
        "ETag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"',
        "Last-Modified": f"{stored.modified:%a, %d %b %Y %H:%M:%S GMT}",
        "Accept-Ranges": "bytes",
    }
    asked = _RANGE.fullmatch(request.headers.get("Range", "")) if is_ranged else None
    if asked is None:
        return HTTPStatus.OK, headers, body
    begin = int(asked[1])
    end = min(int(asked[2] or len(body)), len(body) - 1)
    if begin >= len(body):
        headers["Content-Range"] = f"bytes */{len(body)}"
        return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, b""
    headers["Content-Range"] = f"bytes {begin}-{end}/{len(body)}"
    return HTTPStatus.PARTIAL_CONTENT, headers, body[begin : end + 1]


def _contents(stored: Stored) -> str:
    body = stored.body()
    etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
    return (
        f"<Contents><Key>{escape(stored.key)}</Key>"
        f"<LastModified>{stored.modified:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
        f'<ETag>"{etag}"</ETag><Size>{len(body)}</Size>'
        "<StorageClass>STANDARD</StorageClass></Contents>"
    )


def _no_such_key(key: str) -> web.Response:
    """What S3 says of what it has not, through CloudFront."""
    text = (
        f"{_HEAD}<Error><Code>NoSuchKey</Code><Message>The specified key does not exist."
        f"</Message><Key>{escape(key)}</Key></Error>"
    )
    return web.Response(status=HTTPStatus.NOT_FOUND, text=text, content_type=_TYPE)
