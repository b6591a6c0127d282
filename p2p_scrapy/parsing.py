"""How the text of a setting or an argument becomes its value; each raises ValueError."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from items import Pair, Side

_CURRENCY = re.compile(r"[A-Z]{3}")
_HOST = re.compile(r"[A-Za-z0-9.:_-]*")
_ASSET = re.compile(r"[A-Z0-9]{2,20}")
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

NO_DATABASE = "none"
"""What switches PostgreSQL off."""
LOOPBACK = "127.0.0.1"
"""Where a server listens that is to be heard on this machine alone."""
HIGHEST_PORT = 65_535


class Transport(StrEnum):
    """What sends the questions; ``auto`` begins with the API and may change over."""

    API = "api"
    BROWSER = "browser"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Band:
    """Prices from ``low`` to ``high``, both included, in the fiat currency."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens; port 0 is any free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Lapse:
    """A time-lapse: its factor, and the moment from which it counts (None: the run's start)."""

    factor: float
    origin: datetime | None = None


def url(text: str) -> str:
    """An http(s) address without a trailing slash."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ValueError(text)
    _ = parts.port  # raises ValueError where it is no port
    return text.rstrip("/")


def gateway(text: str) -> str:
    """An http(s) address, which may hold ``user:password@``; empty for none."""
    try:
        return url(text) if text else ""
    except ValueError:  # what it says may have the password in it
        raise ValueError from None


def endpoint(text: str) -> Endpoint | None:
    """``PORT`` on this machine, or ``HOST:PORT``, ``[::1]:PORT``; empty for none."""
    if not text:
        return None
    host, colon, port = text.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if (colon and not bare) or (":" in bare and bare == host) or not _HOST.fullmatch(bare):
        raise ValueError(text)
    return Endpoint(bare or LOOPBACK, whole(0, HIGHEST_PORT)(port))


def database(text: str) -> str:
    """A PostgreSQL address; ``none`` for no database, empty for the embedded server."""
    if text.lower() == NO_DATABASE:
        return NO_DATABASE
    if text:
        _prove_address(text)
    return text


def _prove_address(text: str) -> None:
    from psycopg2 import ProgrammingError  # noqa: PLC0415 - a crawl without one need not carry it
    from psycopg2.extensions import parse_dsn  # noqa: PLC0415

    if not re.match(r"postgres(ql)?://|\w+\s*=", text):
        raise ValueError
    try:
        port = parse_dsn(text).get("port", "5432")
    except ProgrammingError:  # what it says may have the password in it
        raise ValueError from None
    if not re.fullmatch(r"[\d,]*", port):
        raise ValueError


def is_loopback(address: str) -> bool:
    """Whether a server at that address is on this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def folder(text: str) -> Path:
    """A path, made absolute."""
    if not text or "\0" in text:
        raise ValueError(text)
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:  # ~ of nobody
        raise ValueError(text) from error


def words(text: str) -> tuple[str, ...]:
    """Words between commas, in their order, each once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def currency_codes(text: str) -> tuple[str, ...]:
    """Currency codes by their form: three letters. Which exist is the exchange's to say."""
    return _codes(text, _CURRENCY)


def asset_codes(text: str) -> tuple[str, ...]:
    """Asset codes: letters and digits."""
    return _codes(text, _ASSET)


def sides(text: str) -> tuple[Side, ...]:
    """The advertiser's sides, BUY before SELL."""
    asked = {Side(word.upper()) for word in words(text)}
    return tuple(side for side in Side if side in asked)


def whole(low: int, high: int) -> Callable[[str], int]:
    """A parser of whole numbers from ``low`` to ``high``."""

    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def whole_or_none(low: int, high: int) -> Callable[[str], int | None]:
    """The same, but that an empty text is None."""
    parse = whole(low, high)
    return lambda text: parse(text) if text else None


def number(low: float, high: float) -> Callable[[str], float]:
    """A parser of numbers from ``low`` to ``high``."""

    def parse(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def flag(text: str) -> bool:
    """True or false, yes or no, 1 or 0."""
    try:
        return _TRUTH[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def transport(text: str) -> Transport:
    """Its name."""
    return Transport(text.lower())


def price_bands(text: str) -> Mapping[Pair, Band]:
    """``USDT/VES=1:5000``, several between commas."""
    bands = {}
    for word in words(text):
        pair, _, band = word.partition("=")
        asset, _, fiat = pair.upper().partition("/")
        low, _, high = band.partition(":")
        (asset,), (fiat,) = asset_codes(asset), currency_codes(fiat)
        bands[Pair(asset, fiat)] = _band(float(low), float(high))
    return bands


def lapse(text: str) -> Lapse:
    """``60``, or ``60@2026-01-01T00:00:00Z``."""
    factor, at, origin = text.partition("@")
    moment = datetime.fromisoformat(origin).astimezone(UTC) if at else None
    return Lapse(number(1, 1000)(factor), moment)


def _codes(text: str, form: re.Pattern[str]) -> tuple[str, ...]:
    codes = words(text.upper())
    for code in codes:
        if not form.fullmatch(code):
            raise ValueError(code)
    return codes


def _band(low: float, high: float) -> Band:
    if not 0 <= low <= high:
        raise ValueError(f"{low}:{high}")
    return Band(low, high)
