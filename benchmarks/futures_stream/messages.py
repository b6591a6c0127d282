"""The recorded messages, again and again, with ids and times that go on.

Trades are the 50 of a minute of 2026-09-17, partial books the 600 that BTCUSDT had on 2024-08-08.
Each message is another one, since a collector may know one that it has seen.
"""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).parents[3] / "shared" / "captures" / "futures"
_TRADES = "BTCUSDT-aggTrades-2026-09-17_minute-14-28_head50.csv"
_BOOKS = "um_btcusdt_20240808_expected_top20_first600.jsonl.gz"

TRADES, BOOKS = "aggTrade", "depth20@100ms"


def messages(stream: str, number: int) -> list[bytes]:
    """So many frames of one stream.

    Raises:
        OSError: there are no recordings on this machine.
    """
    endless = _trades() if stream == TRADES else _books()
    return [_frame(stream, data) for data in islice(endless, number)]


def _frame(stream: str, data: dict[str, Any]) -> bytes:
    told = {"stream": f"btcusdt@{stream}", "data": data}
    return json.dumps(told, separators=(",", ":")).encode()


def _trades() -> Iterator[dict[str, Any]]:
    with (RECORDINGS / _TRADES).open(encoding="ascii") as lines:
        recorded = list(csv.DictReader(lines))
    agg = int(recorded[0]["agg_trade_id"])
    single = int(recorded[0]["first_trade_id"])
    for time, row in _going_on(recorded, "transact_time"):
        trades = int(row["last_trade_id"]) - int(row["first_trade_id"])
        quantity = f"{float(row['quantity']):.3f}"
        yield {
            "e": "aggTrade",
            "E": time + 150,
            "a": agg,
            "s": "BTCUSDT",
            "p": f"{float(row['price']):.2f}",
            "q": quantity,
            "nq": quantity,
            "f": single,
            "l": single + trades,
            "T": time,
            "m": row["is_buyer_maker"] == "true",
            "st": 1,
        }
        agg, single = agg + 1, single + trades + 1


def _books() -> Iterator[dict[str, Any]]:
    text = gzip.decompress((RECORDINGS / _BOOKS).read_bytes())
    recorded = [json.loads(line) for line in text.splitlines()]
    last = recorded[0]["u"] - 5000
    for time, book in _going_on(recorded, "T"):
        yield {
            "e": "depthUpdate",
            "E": time + 2,
            "T": time,
            "s": "BTCUSDT",
            "ps": "BTCUSDT",
            "U": last + 70,
            "u": last + 5000,
            "pu": last,
            "b": book["bids"],
            "a": book["asks"],
            "st": 1,
        }
        last += 5000


def _going_on(recorded: list[dict[str, Any]], key: str) -> Iterable[tuple[int, dict[str, Any]]]:
    """The records over and over; each round begins when the one before has ended."""
    began, ended = int(recorded[0][key]), int(recorded[-1][key])
    for number in count():
        for row in recorded:
            yield int(row[key]) + number * (ended - began + 100), row
