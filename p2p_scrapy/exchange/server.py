"""The exchange's HTTP server."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from p2p_scrapy.exchange.control import Control
from p2p_scrapy.exchange.discovery import Discovery
from p2p_scrapy.exchange.errors import ListenError
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.front import front_of, nowhere
from p2p_scrapy.exchange.p2p_page import P2PPage
from p2p_scrapy.exchange.search import Search

_LINGER_SECONDS = 0.2
"""How long requests in progress may take to end; those that are never answered would not."""


def application(exchange: Exchange) -> web.Application:
    """All paths of the exchange."""
    app = web.Application(middlewares=[front_of(exchange)])
    for part in (Search(exchange), Discovery(exchange), Control(exchange), P2PPage(exchange)):
        app.add_routes(part.routes())
    app.add_routes(exchange.streams.routes())
    app.add_routes(exchange.archive.routes())
    app.cleanup_ctx.append(exchange.streams.lifetime)
    app.router.add_route("*", "/{path:.*}", nowhere)
    return app


async def serve(
    exchange: Exchange,
    host: str,
    port: int,
    *,
    on_listening: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    """Serve until told to stop.

    Args:
        exchange: what to serve.
        host: where to listen.
        port: where to listen; 0 for any free one.
        on_listening: called with the base URL once requests are answered.
        stop: set it to end.

    Raises:
        ListenError: the address is taken or not ours.
    """
    runner = web.AppRunner(
        application(exchange),
        access_log=None,
        shutdown_timeout=_LINGER_SECONDS,
        handler_cancellation=True,
    )
    await runner.setup()
    try:
        bound = await _listen(runner, host, port)
        on_listening(f"http://{host}:{bound}")
        await stop.wait()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
    except OSError as error:
        raise ListenError(host, port, error.strerror or str(error)) from error
    address: tuple[str, int] = runner.addresses[0]
    return address[1]
