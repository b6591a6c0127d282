"""Paths of our own, which the real service does not have: the truth, the counters, the options."""

import msgspec
from aiohttp import web

from p2p_scrapy.exchange.entry import render
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions
from p2p_scrapy.exchange.futures.stream.options import StreamOptions
from p2p_scrapy.exchange.market import MarketKey
from p2p_scrapy.exchange.truth import truth

PREFIX = "/exchange/"


class _Changes(msgspec.Struct, forbid_unknown_fields=True):
    admit: str | msgspec.UnsetType = msgspec.UNSET
    limit: int | msgspec.UnsetType = msgspec.UNSET
    faults: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    latency: float | msgspec.UnsetType = msgspec.UNSET
    latency_spread: float | msgspec.UnsetType = msgspec.UNSET
    slow_seconds: float | msgspec.UnsetType = msgspec.UNSET
    retry_after: str | msgspec.UnsetType = msgspec.UNSET
    retry_after_seconds: int | msgspec.UnsetType | None = msgspec.UNSET
    streams: StreamOptions | msgspec.UnsetType = msgspec.UNSET
    archive: ArchiveOptions | msgspec.UnsetType = msgspec.UNSET


class Control:
    """``/exchange/`` and: ``book``, ``ads``, ``interval``, ``requests``, ``options``."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Where they are found."""
        return [
            web.get(f"{PREFIX}book", self._book),
            web.get(f"{PREFIX}ads", self._ads),
            web.get(f"{PREFIX}interval", self._interval),
            web.get(f"{PREFIX}requests", self._requests),
            web.post(f"{PREFIX}options", self._options),
        ]

    async def _book(self, _request: web.Request) -> web.Response:
        self._exchange.advance(self._exchange.clock.now())
        if self._exchange.world is None:
            return _json({"error": "recordings are replayed: there is no book"}, status=409)
        return _json(truth(self._exchange.world))

    async def _ads(self, request: web.Request) -> web.Response:
        self._exchange.advance(self._exchange.clock.now())
        market = _market_of(request)
        books = self._exchange.world.books if self._exchange.world else {}
        book = next((books[key] for key in books if key == market), None)
        if book is None:
            return _json({"error": f"no market {'/'.join(market)}"}, status=404)
        return web.Response(
            body=b"[%s]" % b",".join(render(ad) for ad in book.natural),
            content_type="application/json",
        )

    async def _interval(self, request: web.Request) -> web.Response:
        self._exchange.advance(self._exchange.clock.now())
        try:
            since, until = (float(request.query.get(name, "")) for name in ("since", "until"))
            return _json(self._exchange.between(_market_of(request), since, until))
        except ValueError:
            return _json({"error": "since and until are seconds since 1970"}, status=400)
        except LookupError as error:
            return _json({"error": str(error)}, status=404)

    async def _requests(self, request: web.Request) -> web.Response:
        return _json(self._exchange.tally.report(with_times=request.query.get("times") == "1"))

    async def _options(self, request: web.Request) -> web.Response:
        try:
            changes = msgspec.json.decode(await request.read(), type=_Changes)
            given = msgspec.structs.asdict(changes)
            self._exchange.adjust({k: v for k, v in given.items() if v is not msgspec.UNSET})
        except (OptionError, msgspec.DecodeError) as error:
            return _json({"error": str(error)}, status=400)
        return _json({"options": repr(self._exchange.options)})


def _market_of(request: web.Request) -> MarketKey:
    fiat, asset, side = (request.query.get(name, "") for name in ("fiat", "asset", "side"))
    return fiat, asset, side


def _json(content: object, status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(content), status=status, content_type="application/json"
    )
