"""What stands before every path: the clock, the counters, the limit and the latency."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from p2p_scrapy.exchange.deliveries import as_json
from p2p_scrapy.exchange.envelope import BusinessError
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.refusals import not_found, refuse, too_many

SERVICE_PREFIX = "/bapi/"


def front_of(exchange: Exchange) -> Middleware:
    """The middleware of this exchange; it leaves the control paths alone."""

    @web.middleware
    async def front(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(SERVICE_PREFIX):
            return await handler(request)
        client, now = _client_of(request), exchange.clock.now()
        exchange.advance(now)
        exchange.tally.asked(_kind_of(request), client, now)
        refused = _challenge(exchange, request) or _refusal(exchange, client, now)
        response = refused or await _answer(exchange, request, handler)
        if request.transport and not request.transport.is_closing():
            exchange.tally.answered(response.status)
        return response

    return front


def _challenge(exchange: Exchange, request: web.Request) -> web.Response | None:
    return refuse("challenge") if exchange.admission.refuses(request.cookies) else None


def _refusal(exchange: Exchange, client: str, now: float) -> web.Response | None:
    wait = exchange.limit.wait(client, now)
    if not wait:
        return None
    named = exchange.options.retry_after_seconds
    seconds = wait if named is None else named
    return too_many(seconds, now=now, name_as=exchange.options.retry_after)


async def _answer(exchange: Exchange, request: web.Request, handler: Handler) -> web.StreamResponse:
    if latency := exchange.latency():
        await asyncio.sleep(latency)
        exchange.advance(exchange.clock.now())  # the answer tells of now, not of when it was asked
    try:
        return await handler(request)
    except BusinessError as refused:
        return as_json(refused.body())


def _kind_of(request: web.Request) -> str:
    return "search" if request.path.endswith("/adv/search") else "discovery"


def _client_of(request: web.Request) -> str:
    """Who asks: the first forwarded address where a proxy names one."""
    forwarded = request.headers.get("X-Forwarded-For", "").partition(",")[0].strip()
    return forwarded or request.remote or ""


async def nowhere(request: web.Request) -> web.StreamResponse:
    """Any other path: private ones want a login, the rest does not exist."""
    if "/private/" in request.path:
        return web.json_response({"code": "100002001", "message": "Please log in"}, status=401)
    return not_found(request.path)
