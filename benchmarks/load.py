"""The exchange's own limit: raw sockets that ask it for the pages, and do next to nothing else."""

import asyncio
import re
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

from benchmarks.errand import Errand
from benchmarks.pages import SEARCH_PATH

CONNECTIONS = 16
_LONGEST_ANSWER = 1 << 20
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_AD_NUMBER = re.compile(rb'"advNo":"(\d+)"')


class NoPageError(Exception):
    """The exchange answered something else than a page."""


async def load(errand: Errand) -> None:
    """Ask for all pages over sixteen connections that are kept."""
    requests = iter([_request(errand.url, body) for body in errand.bodies()])
    numbers: set[bytes] = set()
    await asyncio.gather(*(_ask(errand.url, requests, numbers) for _ in range(CONNECTIONS)))
    errand.tell(len(numbers))


def _request(url: str, body: bytes) -> bytes:
    head = (
        f"POST {SEARCH_PATH} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _ask(url: str, requests: Iterator[bytes], numbers: set[bytes]) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(
        address.hostname, address.port, limit=_LONGEST_ANSWER
    )
    for request in requests:
        writer.write(request)
        numbers.update(_AD_NUMBER.findall(await _body(reader)))
    writer.close()
    await writer.wait_closed()


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if length is None or not head.startswith(b"HTTP/1.1 200 "):
        raise NoPageError(head.decode("latin-1"))
    return await reader.readexactly(int(length[1]))


if __name__ == "__main__":
    asyncio.run(load(Errand.of_command_line(sys.argv)))
