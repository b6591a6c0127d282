"""Recordings in place of the market, at the pace at which they were made."""

import asyncio
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.errors import RecordingError
from p2p_scrapy.exchange.futures.stream.pace import reach
from p2p_scrapy.exchange.futures.stream.source import Send

_decode = msgspec.json.Decoder().decode


class RecordedSource:
    """Plays a recording from its start to each connection; snapshots are answered as recorded.

    A line is ``{"recv_ns" or "recv": ..., "raw": "..."}``, of a REST answer with its ``url``.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._frames: list[tuple[float, str, str]] = []
        self._snapshots: dict[str, bytes] = {}
        self._trades: dict[str, list[dict[str, Any]]] = {}
        for at, line in _lines(path):
            self._keep(at, line)

    async def play(self, streams: frozenset[str], send: Send) -> None:
        """Send what was recorded of these streams, each frame when it is due."""
        started = self._clock.now()
        origin = self._frames[0][0] if self._frames else 0.0
        for at, stream, frame in self._frames:
            if started + at - origin > self._clock.now():
                await reach(self._clock, started + at - origin)
            if stream in streams:
                send(stream, frame)
        await asyncio.Event().wait()

    def depth(self, symbol: str, limit: int) -> bytes | None:  # noqa: ARG002 - as recorded
        """The symbol's first recorded snapshot."""
        return self._snapshots.get(symbol)

    def trades(
        self, symbol: str, from_id: int | None, since: int | None, limit: int
    ) -> bytes | None:
        """Recorded trades from an id or a moment (ms) on, or the latest."""
        if symbol not in self._trades:
            return None
        kept = self._trades[symbol]
        if from_id is None and since is None:
            return msgspec.json.encode(kept[-limit:])
        key, first = ("T", since) if from_id is None else ("a", from_id)
        return msgspec.json.encode([trade for trade in kept if trade[key] >= first][:limit])

    async def close(self) -> None:
        """Nothing is held open."""

    def _keep(self, at: float, line: dict[str, Any]) -> None:
        message = _decode(line["raw"])
        if "stream" in message:
            self._frames.append((at, message["stream"], line["raw"]))
            if message["stream"].endswith("@aggTrade"):
                data = {k: v for k, v in message["data"].items() if k not in "eEs"}
                self._trades.setdefault(message["data"]["s"], []).append(data)
        elif "lastUpdateId" in message:
            self._snapshots.setdefault(self._symbol_of(line), line["raw"].encode())

    def _symbol_of(self, line: dict[str, Any]) -> str:
        """As its address says; else the recording is of one symbol alone."""
        asked = parse_qs(urlsplit(line.get("url", "")).query)
        return asked["symbol"][0] if asked else self._frames[0][1].partition("@")[0].upper()


def _lines(path: Path) -> Iterator[tuple[float, dict[str, Any]]]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for number, text in enumerate(file, 1):
            try:
                line = _decode(text)
                yield line["recv_ns"] / 1e9 if "recv_ns" in line else line["recv"], line
            except (msgspec.DecodeError, KeyError, TypeError) as error:
                raise RecordingError(path, number, f"no recorded frame ({error})") from error
