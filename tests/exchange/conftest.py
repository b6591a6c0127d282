"""Asks exchanges over real sockets."""

import json
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from p2p_scrapy.exchange import ExchangeOptions, RunningExchange, running_exchange

SEARCH = "/bapi/c2c/v2/friendly/c2c/adv/search"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Asker:
    """A client of one exchange; every question has a connection of its own."""

    def __init__(self, exchange: RunningExchange) -> None:
        self.exchange = exchange

    def ask(self, method, path, body=None, *, timeout=5.0, **headers) -> Answer:
        with closing(HTTPConnection(urlsplit(self.exchange.url).netloc, timeout=timeout)) as line:
            content = None if body is None else json.dumps(body)
            line.request(method, path, content, {"Content-Type": "application/json", **headers})
            response = line.getresponse()
            return Answer(response.status, dict(response.headers), response.read())

    def get(self, path, **headers) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path, body, **headers) -> Answer:
        return self.ask("POST", path, body, **headers)

    def search(self, fiat="VND", asset="USDT", side="SELL", page=1, *, timeout=5.0, **more):
        """Ask for a page of a market, named by the ADVERTISER's side."""
        trade_type = "BUY" if side == "SELL" else "SELL"
        body = {"fiat": fiat, "asset": asset, "tradeType": trade_type, "page": page, "rows": 20}
        return self.ask("POST", SEARCH, body | more, timeout=timeout)


@pytest.fixture
def open_exchange():
    """Opens small exchanges that close with the test."""
    with ExitStack() as stack:

        def open_one(clock=None, **options) -> Asker:
            small = {"markets": 3, "ads": 120} if "replay" not in options else {}
            exchange = running_exchange(ExchangeOptions(**(small | options)), clock=clock)
            return Asker(stack.enter_context(exchange))

        yield open_one


class HandClock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.time = 1_795_000_000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture(scope="session")
def captures() -> Path:
    """Recordings of the real service, which lie beside the project and not in it."""
    folder = Path(__file__).parents[2] / "../shared/captures/p2p"
    if not folder.is_dir():
        pytest.skip("no recordings: ../shared/captures is absent")
    return folder.resolve()
