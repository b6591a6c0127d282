"""The live futures side as one part of the exchange's application."""

from collections.abc import AsyncIterator

from aiohttp import web

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.futures.stream.options import StreamOptions
from p2p_scrapy.exchange.futures.stream.recorded import RecordedSource
from p2p_scrapy.exchange.futures.stream.rest import FuturesRest
from p2p_scrapy.exchange.futures.stream.sockets import FuturesSockets
from p2p_scrapy.exchange.futures.stream.source import MarketSource


class FuturesStream:
    """Sockets and REST over one source: the simulated market, or a recording.

    Attributes:
        source: where the data comes from.
        sockets: the WebSocket routes.
    """

    def __init__(self, options: StreamOptions, seed: int, clock: Clock) -> None:
        self.source: MarketSource | RecordedSource
        if options.replay is None:
            self.source = MarketSource(clock, seed)
        else:
            self.source = RecordedSource(options.replay, clock)
        self.sockets = FuturesSockets(self.source, clock, options, seed)
        self._rest = FuturesRest(self.source, clock)

    def routes(self) -> list[web.RouteDef]:
        """Where they are found."""
        return [*self.sockets.routes(), *self._rest.routes()]

    async def lifetime(self, _app: web.Application) -> AsyncIterator[None]:
        """End what moves the market when the server ends."""
        yield
        await self.source.close()
