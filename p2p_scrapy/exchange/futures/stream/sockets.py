"""The WebSocket routes: combined mode, and the faults that connections have."""

import asyncio
import contextlib
from random import Random

from aiohttp import web

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.futures.stream.frames import shutdown
from p2p_scrapy.exchange.futures.stream.options import StreamOptions
from p2p_scrapy.exchange.futures.stream.pace import reach
from p2p_scrapy.exchange.futures.stream.source import Source

PUBLIC = "public"
MARKET = "market"
_NEVER = float("inf")


def route_of(stream: str) -> str:
    """The route that delivers a stream; the other one takes its name and stays silent."""
    kind = stream.partition("@")[2]
    return PUBLIC if kind.startswith("depth") or kind == "bookTicker" else MARKET


class FuturesSockets:
    """``/public/stream``, ``/market/stream``, and ``/stream``, which is as good as public.

    Attributes:
        options: the faults; a change holds for the connections that are opened from then on.
        connections: how many were opened, by route.
    """

    def __init__(self, source: Source, clock: Clock, options: StreamOptions, seed: int) -> None:
        self.options = options
        self.connections: dict[str, int] = {PUBLIC: 0, MARKET: 0}
        self._source = source
        self._clock = clock
        self._rng = Random(f"{seed}/sockets")  # noqa: S311  nothing here is a secret

    def routes(self) -> list[web.RouteDef]:
        """Where they are found."""
        return [
            web.get("/stream", self._open),
            web.get("/{route:public|market}/stream", self._open),
        ]

    async def _open(self, request: web.Request) -> web.StreamResponse:
        route = request.match_info.get("route", PUBLIC)
        asked = request.query.get("streams", "").split("/")
        streams = frozenset(stream for stream in asked if route_of(stream) == route)
        self.connections[route] += 1
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = _Connection(request, socket, self._clock, self.options, self._rng)
        await connection.serve(self._source, streams)
        return socket


class _Connection:
    """One connection with its lifetime, its silence, and the frames that it loses."""

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        clock: Clock,
        options: StreamOptions,
        rng: Random,
    ) -> None:
        self._request = request
        self._socket = socket
        self._clock = clock
        self._rng = rng
        self._skip = options.skip
        self._notice = options.notice
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        now = clock.now()
        self._dies_at = now + self._span(options.cut)
        self._silent_at = now + self._span(options.silence)

    async def serve(self, source: Source, streams: frozenset[str]) -> None:
        """Send until either side ends it."""
        tasks = [
            asyncio.create_task(source.play(streams, self._offer)),
            asyncio.create_task(self._send()),
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._die()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _offer(self, stream: str, frame: str) -> None:  # noqa: ARG002 - one queue for all
        is_lost = self._skip and self._rng.random() < self._skip
        if not is_lost and self._clock.now() < self._silent_at:
            self._frames.put_nowait(frame)

    async def _send(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self._socket.send_str(await self._frames.get())

    async def _listen(self) -> None:
        async for _ in self._socket:  # requests are taken and not answered
            pass

    async def _die(self) -> None:
        """Without a closing frame, as a lost connection does."""
        if self._dies_at == _NEVER:
            await asyncio.Event().wait()
        if self._notice:
            await reach(self._clock, self._dies_at - self._notice)
            self._frames.put_nowait(shutdown(int(self._clock.now() * 1000)))
        await reach(self._clock, self._dies_at)
        if self._request.transport is not None:
            self._request.transport.abort()

    def _span(self, mean: float) -> float:
        return mean * self._rng.uniform(0.5, 1.5) if mean else _NEVER
