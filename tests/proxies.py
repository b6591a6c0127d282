"""A forward proxy over real sockets: it asks the exchange from an address of its own."""

import asyncio
import base64
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from urllib.parse import unquote

REFUSAL = (
    b"HTTP/1.1 %d %s\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n"
    b"\r\n<html></html>"
)
ASKING = b'\r\nProxy-Authenticate: Basic realm="proxy"\r\n'
"""A browser names its account only to who asks for it."""


class ForwardProxy:
    """Passes plain HTTP on from ``source``, say 127.0.0.2; one request a connection.

    ``refuse_with`` is a status that it answers itself, once it has passed ``after`` requests on.
    """

    def __init__(self, source, *, account=None, refuse_with=None, after=0):
        self.source = source
        self.refuse_with = refuse_with
        self.after = after
        self.passed = 0
        self.asked = 0
        self.port = 0
        self._account = account
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._listening = Future()
        self._thread = Thread(target=self._run, name=f"proxy {source}", daemon=True)

    @property
    def name(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"http://{self._account + '@' if self._account else ''}{self.name}"

    def start(self):
        self._thread.start()
        self.port = self._listening.result()

    def stop(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def _run(self):
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self._listening.set_result(server.sockets[0].getsockname()[1])
        async with server:
            await self._stop.wait()

    async def _meet(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            writer.write(self._refusal(head) or await self._pass_on(head, body))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # one of both ends is gone
        finally:
            writer.close()

    def _refusal(self, head):
        self.asked += 1
        if self._account and _authorization(self._account) not in head:
            return (REFUSAL % (407, b"Proxy Authentication Required")).replace(b"\r\n", ASKING, 1)
        if self.refuse_with and self.passed >= self.after:
            return REFUSAL % (self.refuse_with, b"Refused")
        self.passed += 1
        return None

    async def _pass_on(self, head, body):
        first, _, rest = head.partition(b"\r\n")
        method, url, version = first.split(b" ")
        place, _, path = url.removeprefix(b"http://").partition(b"/")
        host, _, port = place.decode().partition(":")
        kept = [line for line in rest.split(b"\r\n") if line and not _is_of_the_proxy(line)]
        lines = [b" ".join([method, b"/" + path, version]), *kept, b"Connection: close"]
        reader, writer = await asyncio.open_connection(host, int(port), local_addr=(self.source, 0))
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        answer = await reader.read()
        writer.close()
        return answer


def _length(head):
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _authorization(account):
    return b"Proxy-Authorization: Basic " + base64.b64encode(unquote(account).encode())


def _is_of_the_proxy(line):
    return line.lower().startswith((b"proxy-authorization:", b"connection:"))


@contextmanager
def forward_proxy(source, **how):
    proxy = ForwardProxy(source, **how)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
