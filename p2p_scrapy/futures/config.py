"""The settings of the futures' collectors: parsed and checked once, then frozen.

They have no prefix: field ``archive_url`` is the setting ``FUTURES_ARCHIVE_URL``. What they share
with the census (P2P_DATA_DIR, P2P_RETRIES, P2P_TIMEOUT_SECONDS) is read by p2p_scrapy.config.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from scrapy.settings import BaseSettings

from p2p_scrapy import parsing
from p2p_scrapy.errors import SettingError
from p2p_scrapy.futures.levels import MOST_LEVELS


def socket_url(text: str) -> str:
    """A ws(s) address without a trailing slash."""
    scheme, separator, rest = text.partition("://")
    if scheme not in ("ws", "wss"):
        raise ValueError(text)
    return scheme + separator + parsing.url(f"http://{rest}").removeprefix("http://")


def _setting(name: str, default: str, parse: Callable[[str], Any], allowed: str) -> Any:
    return field(metadata={"name": name, "default": default, "parse": parse, "allowed": allowed})


@dataclass(frozen=True, slots=True, kw_only=True)
class FuturesConfig:
    """The settings of a futures run."""

    archive_url: str = _setting(
        "FUTURES_ARCHIVE_URL",
        "https://data.binance.vision",
        parsing.url,
        "an address such as https://data.binance.vision",
    )
    listing_url: str = _setting(
        "FUTURES_LISTING_URL",
        "https://s3-ap-northeast-1.amazonaws.com/data.binance.vision",
        parsing.url,
        "an address such as https://s3-ap-northeast-1.amazonaws.com/data.binance.vision",
    )
    ws_url: str = _setting(
        "FUTURES_WS_URL",
        "wss://fstream.binance.com",
        socket_url,
        "an address such as wss://fstream.binance.com",
    )
    rest_url: str = _setting(
        "FUTURES_REST_URL",
        "https://fapi.binance.com",
        parsing.url,
        "an address such as https://fapi.binance.com",
    )
    flush_seconds: float = _setting(
        "STREAM_FLUSH_SECONDS",
        "60",
        parsing.number(1, 3600),
        "a number of seconds from 1 to 3600",
    )
    flush_records: int = _setting(
        "STREAM_FLUSH_RECORDS",
        "20000",
        parsing.whole(1, 1_000_000),
        "a whole number from 1 to 1000000",
    )
    book_levels: int = _setting(
        "FUTURES_BOOK_LEVELS",
        "20",
        parsing.whole(1, MOST_LEVELS),
        f"a whole number from 1 to {MOST_LEVELS}",
    )
    book_interval_seconds: float = _setting(
        "FUTURES_BOOK_INTERVAL_SECONDS",
        "1",
        parsing.number(0, 86_400),
        "a number of seconds from 0 (after each update) to 86400",
    )

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read and check everything.

        Raises:
            SettingError: a value is not allowed; the message names it and what is.
        """
        return cls(**{spec.name: _read(settings, spec) for spec in fields(cls)})


DEFAULTS: Mapping[str, str] = {
    spec.metadata["name"]: spec.metadata["default"] for spec in fields(FuturesConfig)
}
"""Every setting's name with its default."""


def values(environ: Mapping[str, str]) -> dict[str, str]:
    """Every setting's name with its value: the environment's, else the default."""
    return {name: environ.get(name) or default for name, default in DEFAULTS.items()}


def _read(settings: BaseSettings, spec: Any) -> Any:
    name = spec.metadata["name"]
    text = str(settings.get(name, spec.metadata["default"])).strip()
    try:
        return spec.metadata["parse"](text)
    except (ValueError, ArithmeticError) as error:
        raise SettingError(name, text, spec.metadata["allowed"]) from error
