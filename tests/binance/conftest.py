"""Answers of the exchange: built by hand from the shape of 2026, and recorded ones."""

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from items import Market, Side
from p2p_scrapy.binance import answers
from p2p_scrapy.binance.answers import Envelope
from p2p_scrapy.binance.drift import Drift
from p2p_scrapy.binance.reading import Page, PageReader

CAPTURES = Path(__file__).parents[3] / "shared" / "captures" / "p2p"
STARTED_AT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
SEEN_AT = datetime(2026, 6, 5, 13, 30, 4, 500_000, tzinfo=UTC)
MARKET = Market("USDT", "VES", Side.SELL)

_ENTRY: dict[str, Any] = {
    "adv": {
        "advNo": "13908303176808550400",
        "classify": "profession",
        "tradeType": "SELL",
        "asset": "USDT",
        "fiatUnit": "VES",
        "priceType": None,
        "price": "58.10",
        "surplusAmount": "119.03",
        "tradableQuantity": "118.73",
        "maxSingleTransAmount": "4000",
        "minSingleTransAmount": "40",
        "payTimeLimit": 15,
        "tradeMethods": [
            {"payType": "BANESCO", "identifier": "Banesco", "tradeMethodName": "Banesco Banco"},
            {"payType": None, "identifier": "PagoMovil", "tradeMethodName": None},
        ],
        "createTime": None,
        "takerAdditionalKycRequired": 1,
        "dynamicMaxSingleTransAmount": "3999",
        "minSingleTransQuantity": "0.68",
        "maxSingleTransQuantity": "68.84",
        "dynamicMaxSingleTransQuantity": "68.83",
        "commissionRate": None,
    },
    "advertiser": {
        "userNo": "s5ab84cca97b5a72c6f0972a0b834196e",
        "nickName": "Natry_j6",
        "monthOrderCount": 21,
        "monthFinishRate": 0.914,
        "positiveRate": 1.0,
        "userType": "merchant",
        "userGrade": 3,
        "userIdentity": "MASS_MERCHANT",
        "badges": ["Pro", None],
        "vipLevel": 2,
        "activeTimeInSecond": 81,
    },
    "privilegeDesc": None,
    "privilegeType": None,
    "privilegeTypeAdTotalCount": None,
}


class Reader:
    """Reads pages of one batch, and remembers what was told of changes that cost values."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.drift = Drift(self.told.append)
        self.pages = PageReader("batch-1", STARTED_AT, self.drift)

    def read(self, data: bytes, number: int = 1, market: Market = MARKET, total: Any = 100) -> Page:
        """The page that comes of the JSON text of an answer's data."""
        return self.pages.page(Envelope(msgspec.Raw(data), total), market, number, SEEN_AT)

    def read_entries(self, *entries: Any, number: int = 1) -> Page:
        return self.read(json.dumps(entries).encode(), number)


class Recording(NamedTuple):
    """A line of a recording; ``body`` is the answer's text, to the byte."""

    file: str
    line: int
    seen_at: datetime
    request: dict[str, Any]
    body: bytes

    @property
    def market(self) -> Market:
        asked = self.request["body"]
        return Market(asked["asset"], asked["fiat"], Side(asked["tradeType"]).opposite)

    @property
    def envelope(self) -> Envelope:
        return answers.read(200, {}, self.body, self.seen_at)

    def page(self, reader: "Reader") -> Page:
        return reader.pages.page(self.envelope, self.market, 1, self.seen_at)


class _Response(msgspec.Struct):
    status: int
    body: msgspec.Raw


class _Line(msgspec.Struct):
    recorded_at: datetime
    request: dict[str, Any]
    response: _Response


def _recordings(pattern: str) -> Iterator[Recording]:
    for path in sorted(CAPTURES.glob(pattern)):
        with gzip.open(path, "rb") as lines:
            for number, text in enumerate(lines, start=1):
                line = msgspec.json.decode(text, type=_Line)
                body = bytes(line.response.body)
                yield Recording(path.name, number, line.recorded_at, line.request, body)


@pytest.fixture(scope="session")
def entry() -> Callable[..., dict[str, Any]]:
    """An entry of a search answer; changes name a key as ``adv__price`` or ``privilegeType``."""

    def build(**changes: Any) -> dict[str, Any]:
        built = copy.deepcopy(_ENTRY)
        for name, value in changes.items():
            *part, key = name.split("__")
            (built[part[0]] if part else built)[key] = value
        return built

    return build


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def new_reader() -> Callable[[], Reader]:
    """For tests that need a fresh one for each of many examples."""
    return Reader


@pytest.fixture(scope="session")
def market() -> Market:
    return MARKET


@pytest.fixture(scope="session")
def now() -> datetime:
    return SEEN_AT


@pytest.fixture(scope="session")
def recordings() -> Callable[[str], list[Recording]]:
    """The recorded answers of the files that a pattern names."""

    def load(pattern: str) -> list[Recording]:
        found = list(_recordings(pattern))
        if not found:
            pytest.skip(f"no recordings {pattern} in {CAPTURES}")
        return found

    return load


@pytest.fixture(scope="session")
def envelope() -> Callable[..., Envelope]:
    """An envelope around JSON data."""

    def build(data: Any, total: int | None = None) -> Envelope:
        return Envelope(msgspec.Raw(json.dumps(data).encode()), total)

    return build
