"""Real recordings of the futures' streams, and frames built by hand in their shape."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

CAPTURES = Path(__file__).parents[3] / "shared" / "captures" / "futures"
BTC = "um_btcusdt_20240808_60s.jsonl.gz"
FOUR = "um_4symbols_20210722_combined_100ms.jsonl.gz"
FRAMES_2026 = "um_frames_2026.jsonl"


class Line(NamedTuple):
    """What was received: a frame, or a snapshot whose ``symbol`` was asked for."""

    body: bytes
    received_us: int
    symbol: str | None

    @property
    def is_frame(self) -> bool:
        return self.body.startswith(b'{"stream"')

    @property
    def told(self) -> Any:
        return json.loads(self.body)


def _line(text: bytes) -> Line:
    line = json.loads(text)
    received_us = line["recv_ns"] // 1000 if "recv_ns" in line else int(line.get("recv", 0) * 1e6)
    symbol = None
    if '"lastUpdateId"' in line["raw"][:20]:
        symbol = line.get("url", "?symbol=BTCUSDT").partition("symbol=")[2].partition("&")[0]
    return Line(line["raw"].encode(), received_us, symbol)


@pytest.fixture(scope="session")
def recorded_file() -> Callable[[str], bytes]:
    """The text of a recording; a test is skipped on a machine that has none."""

    def read(name: str) -> bytes:
        path = CAPTURES / name
        if not path.exists():
            pytest.skip(f"no recording {path}")
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()

    return read


@pytest.fixture(scope="session")
def recorded(recorded_file) -> Callable[[str], list[Line]]:
    """What a recording's connection received, in order."""
    return lambda name: [_line(text) for text in recorded_file(name).splitlines()]


def trade(agg_trade_id: int = 1, **changes: Any) -> dict[str, Any]:
    """An aggTrade of 2026."""
    return {
        "e": "aggTrade",
        "E": 1786171884624,
        "a": agg_trade_id,
        "s": "BTCUSDT",
        "p": "64990.90",
        "q": "0.002",
        "nq": "0.001",
        "f": 7960913511,
        "l": 7960913513,
        "T": 1786171884471,
        "m": True,
        "st": 1,
    } | changes


def depth(final: int = 2, previous: int = 1, **changes: Any) -> dict[str, Any]:
    """A depthUpdate of 2026."""
    return {
        "e": "depthUpdate",
        "E": 1785048482829,
        "T": 1785048482718,
        "s": "BTCUSDT",
        "ps": "BTCUSDT",
        "U": final,
        "u": final,
        "pu": previous,
        "b": [["64346.60", "0.5"], ["64346.10", "0.000"]],
        "a": [["64346.70", "589.8041"]],
        "st": 1,
    } | changes


def frame(data: Any, stream: str) -> bytes:
    return json.dumps({"stream": stream, "data": data}, separators=(",", ":")).encode()


@pytest.fixture(scope="session")
def trade_frame() -> Callable[..., bytes]:
    return lambda *given, **changes: frame(trade(*given, **changes), "btcusdt@aggTrade")


@pytest.fixture(scope="session")
def depth_frame() -> Callable[..., bytes]:
    """A change of the book, or with ``stream`` whatever has its shape."""

    def build(*given: int, stream: str = "btcusdt@depth@100ms", **changes: Any) -> bytes:
        return frame(depth(*given, **changes), stream)

    return build
