"""A WebSocket server that plays messages, as fast as they are taken or at a rate."""

import asyncio
import base64
import hashlib
import re
import struct
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import inf

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_KEY = re.compile(rb"\r\nsec-websocket-key: *([^\r]+)\r\n", re.IGNORECASE)
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_BURST = 250
"""Messages in one write."""


class Player:
    """Plays to whoever connects first, at most ``rate`` messages a second.

    A ping behind the last message tells when all have been taken: who answers it has read them.

    Attributes:
        began_at: when the first message left, monotonic seconds.
        taken: set when the last one had been read.
        may_end: set it to let the connection be closed then.
        number: of messages.
    """

    def __init__(self, frames: Sequence[bytes], rate: float = inf) -> None:
        self.began_at = 0.0
        self.taken = asyncio.Event()
        self.may_end = asyncio.Event()
        self.number = len(frames)
        self._played = [_framed(_TEXT, frame) for frame in frames]
        self._rate = rate

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Serve; gives the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._play(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the collector has gone; what it has stored tells the rest
        finally:
            writer.close()

    async def _play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_greeting(await reader.readuntil(b"\r\n\r\n")))
        if not self._played:
            return
        played, self._played = self._played, []
        self.began_at = time.monotonic()
        for start in range(0, len(played), _BURST):
            writer.write(b"".join(played[start : start + _BURST]))
            await writer.drain()
            due = self.began_at + (start + _BURST) / self._rate
            await asyncio.sleep(due - time.monotonic())
        writer.write(_framed(_PING, b""))
        while await _opcode(reader) != _PONG:
            pass
        self.taken.set()
        await self.may_end.wait()
        writer.write(_framed(_CLOSE, struct.pack("!H", 1000)))
        while await _opcode(reader) != _CLOSE:
            pass


def _greeting(request: bytes) -> bytes:
    key = _KEY.search(request)
    if key is None:
        raise ConnectionError("no WebSocket was asked for")
    accept = base64.b64encode(hashlib.sha1(key[1] + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def _framed(opcode: int, body: bytes) -> bytes:
    head = 0x80 | opcode
    if len(body) < 126:  # noqa: PLR2004 - RFC 6455, section 5.2
        return bytes((head, len(body))) + body
    return struct.pack("!BBH", head, 126, len(body)) + body


async def _opcode(reader: asyncio.StreamReader) -> int:
    """The kind of the client's next frame; its frames are short, and masked."""
    head = await reader.readexactly(2)
    await reader.readexactly(4 + (head[1] & 0x7F))
    return head[0] & 0x0F
