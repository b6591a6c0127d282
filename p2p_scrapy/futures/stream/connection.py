"""One WebSocket, from its opening to its end."""

import asyncio
import itertools

import aiohttp
from yarl import URL

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.stream.events import Closed, Opened, Reason
from p2p_scrapy.futures.stream.inbox import Inbox
from p2p_scrapy.futures.stream.moments import micros
from p2p_scrapy.futures.stream.routes import Line

MOST_FRAME_BYTES = 20 * 1024 * 1024
"""As the exchange's own client allows."""
OPENING_SECONDS = 15.0
_CLOSING_SECONDS = 2.0
_FAREWELL = b'"serverShutdown"'
"""The event by which the exchange says that it will end the connection. No recording has one, so
that it is known by its name alone, in whatever envelope."""
_FAREWELL_BYTES = 200
"""It carries a name and a time; frames of records are longer."""


class Connection:
    """Puts every frame into the inbox, with the moment of its arrival.

    Attributes:
        number: its own, in the journal.
        over: set when nothing more will come.
        is_leaving: whether the exchange has said that it will end it.
        changed: set when either of the two has come.
        heard: set when something came.
        opened_at, heard_at: when it was opened, and when something came last (its opening
            counts); in seconds of the clock that nobody sets, since a watchdog measures by them.
    """

    def __init__(
        self,
        number: int,
        socket: "aiohttp.ClientWebSocketResponse[bool]",
        inbox: Inbox,
        clock: Clock,
    ) -> None:
        self.number = number
        self.over = asyncio.Event()
        self.is_leaving = False
        self.changed = asyncio.Event()
        self.heard = asyncio.Event()
        self.opened_at = self.heard_at = clock.monotonic()
        self._socket = socket
        self._inbox = inbox
        self._clock = clock
        self._reading = asyncio.create_task(self._read())

    async def close(self, reason: Reason) -> None:
        """Read nothing more, and say so in the inbox."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._inbox.event(Closed(self.number, reason, micros(self._clock.now())))
        await self._socket.close()

    async def _read(self) -> None:
        take, clock, text = self._inbox.frame, self._clock, aiohttp.WSMsgType.TEXT
        try:
            while (message := await self._socket.receive()).type is text:
                self.heard_at = clock.monotonic()
                take(self.number, micros(clock.now()), message.data)
                self.heard.set()
                if len(message.data) < _FAREWELL_BYTES and _FAREWELL in message.data:
                    self.is_leaving = True
                    self.changed.set()
        finally:
            self.over.set()
            self.changed.set()


class Sockets:
    """Opens connections to the exchange, each with a number of its own."""

    def __init__(
        self, base_url: str, session: aiohttp.ClientSession, inbox: Inbox, clock: Clock
    ) -> None:
        self._base_url = base_url
        self._session = session
        self._inbox = inbox
        self._clock = clock
        self._numbers = itertools.count(1)

    async def open(self, line: Line) -> Connection:
        """Connect a line, and say so in the inbox.

        Raises:
            aiohttp.ClientError, OSError, TimeoutError: it cannot be done now.
        """
        async with asyncio.timeout(OPENING_SECONDS):
            socket = await self._session.ws_connect(
                URL(line.address(self._base_url), encoded=True),
                max_msg_size=MOST_FRAME_BYTES,
                decode_text=False,
                timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSING_SECONDS),
            )
        number = next(self._numbers)
        self._inbox.event(Opened(number, line.name))
        return Connection(number, socket, self._inbox, self._clock)
