"""Every setting of the project: parsed and checked once, then frozen.

A setting is a Scrapy setting (``-s NAME=VALUE``) or an environment variable of the same name; an
environment variable that is empty counts as not given. Meanings and limits: docs/settings.md.
"""

import difflib
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from scrapy.settings import BaseSettings

from items import Pair, Side
from p2p_scrapy import parsing
from p2p_scrapy.alert_addresses import AlertAddress, parse_alert_addresses
from p2p_scrapy.errors import SettingError
from p2p_scrapy.parsing import Band, Endpoint, Lapse, Transport
from p2p_scrapy.proxies import Proxy, parse_proxies

logger = logging.getLogger(__name__)

PREFIX = "P2P_"
SCRAPYD_JOB = "SCRAPY_PROJECT"
"""The environment variable that scrapyd gives each job (its environ.py), and Scrapy none."""

LEAST_BUDGET = 10
MOST_BUDGET = 200
"""Requests a minute between which a budget adapts, where it is not set to start outside."""


HIDDEN = "(not shown)"
"""In the place of a value that may hold a password."""


def _setting(
    default: str,
    parse: Callable[[str], Any],
    allowed: str,
    *,
    name: str = "",
    is_secret: bool = False,
) -> Any:
    """A setting; ``name`` is for one whose name is not its field's with the prefix."""
    return field(
        metadata={
            "default": default,
            "parse": parse,
            "allowed": allowed,
            "name": name,
            "is_secret": is_secret,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of a run; field ``base_url`` is the setting ``P2P_BASE_URL``, and so on."""

    base_url: str = _setting(
        "https://p2p.binance.com", parsing.url, "an address such as https://p2p.binance.com"
    )
    data_dir: Path = _setting("./data", parsing.folder, "a folder")
    database_url: str = _setting(
        "",
        parsing.database,
        "postgresql://user@host/name, none, or empty for the embedded server",
        name="DATABASE_URL",
        is_secret=True,
    )
    fiats: tuple[str, ...] = _setting(
        "", parsing.currency_codes, "currency codes of three letters, e.g. VES,BOB"
    )
    assets: tuple[str, ...] = _setting("", parsing.asset_codes, "asset codes, e.g. USDT,BTC")
    sides: tuple[Side, ...] = _setting("", parsing.sides, "BUY, SELL, or BUY,SELL")
    requests_per_minute: int = _setting(
        "100", parsing.whole(1, 10_000_000), "a whole number from 1 to 10000000"
    )
    requests_per_minute_min: int = _setting(
        "", parsing.whole_or_none(1, 10_000_000), "a whole number from 1 to 10000000, or empty"
    )
    requests_per_minute_max: int = _setting(
        "", parsing.whole_or_none(1, 10_000_000), "a whole number from 1 to 10000000, or empty"
    )
    interval_seconds: int = _setting(
        "600", parsing.whole(1, 86_400), "a whole number of seconds from 1 to 86400"
    )
    window_seconds: float = _setting(
        "0", parsing.number(0, 86_400), "a number of seconds from 0 (no end) to 86400"
    )
    max_market_age_seconds: float = _setting(
        "3600", parsing.number(1, 31_536_000), "a number of seconds from 1 to 31536000"
    )
    timeout_seconds: float = _setting(
        "15", parsing.number(0.1, 600), "a number of seconds from 0.1 to 600"
    )
    retries: int = _setting("3", parsing.whole(0, 20), "a whole number from 0 to 20")
    catalogue_hours: float = _setting(
        "24", parsing.number(0, 8760), "a number of hours from 0 (ask every batch) to 8760"
    )
    price_bands: Mapping[Pair, Band] = _setting(
        "", parsing.price_bands, "bands such as USDT/VES=1:5000,BTC/VES=1:9e9, low before high"
    )
    reject_zero_surplus: bool = _setting("true", parsing.flag, "true or false")
    reject_zero_finish_rate: bool = _setting("true", parsing.flag, "true or false")
    completeness_threshold: float = _setting(
        "0.995", parsing.number(0, 1), "a share from 0 to 1, e.g. 0.995"
    )
    price_anomaly_threshold: float = _setting(
        "0.20", parsing.number(0, 10), "a share from 0 to 10, e.g. 0.20"
    )
    volume_drop_threshold: float = _setting(
        "0.50", parsing.number(0, 1), "a share from 0 to 1, e.g. 0.50"
    )
    alert_after_failures: int = _setting("5", parsing.whole(1, 1000), "a whole number from 1")
    alert_urls: tuple[AlertAddress, ...] = _setting(
        "",
        parse_alert_addresses,
        "addresses as in docs/alerts.md, e.g. slack://..., several between spaces",
        is_secret=True,
    )
    retention_days: int = _setting(
        "0", parsing.whole(0, 36_500), "a whole number of days from 0 (keep all) to 36500"
    )
    classifies: tuple[str, ...] = _setting(
        "mass,profession,fiat_trade", parsing.words, "words, e.g. mass,profession,fiat_trade"
    )
    keep_raw: bool = _setting("false", parsing.flag, "true or false")
    proxies: tuple[Proxy, ...] = _setting(
        "",
        parse_proxies,
        "http(s)://[user:password@]host:port, several between commas, each once",
        is_secret=True,
    )
    transport: Transport = _setting("api", parsing.transport, "api, browser or auto")
    metrics_port: Endpoint | None = _setting(
        "", parsing.endpoint, "a port from 0 (any free one) to 65535, or HOST:PORT"
    )
    pushgateway_url: str = _setting(
        "", parsing.gateway, "http(s)://[user:password@]host:port", is_secret=True
    )
    time_lapse: Lapse = _setting(
        "1", parsing.lapse, "a factor from 1 to 1000, or FACTOR@2026-01-01T00:00:00Z"
    )

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read and check everything.

        Raises:
            SettingError: a value is not allowed; the message names it and what is.
        """
        _warn_of_unknown(settings)
        _refuse_relative_folder(settings)
        config = cls(**{spec.name: _read(settings, spec) for spec in fields(cls)}).bounded()
        if config.time_lapse.factor != 1 and not parsing.is_loopback(config.base_url):
            name, value = setting_name("time_lapse"), config.time_lapse.factor
            raise SettingError(name, value, "1, except against an exchange on this machine")
        if config.base_url.startswith("https:") and any(each.is_https for each in config.proxies):
            allowed = "http:// addresses, where the exchange itself is at an https:// one"
            raise SettingError(setting_name("proxies"), HIDDEN, allowed)
        return config

    def bounded(self) -> Self:
        """The same with the budget's bounds: one that is not given is as wide as the start needs.

        Raises:
            SettingError: the bounds leave no room, or the start is outside.
        """
        start = self.requests_per_minute
        least = self.requests_per_minute_min or min(LEAST_BUDGET, start)
        most = self.requests_per_minute_max or max(MOST_BUDGET, start)
        name = setting_name("requests_per_minute")
        if least > most:
            raise SettingError(f"{name}_MIN", least, f"no more than {name}_MAX, which is {most}")
        if not least <= start <= most:
            allowed = f"from {name}_MIN, which is {least}, to {name}_MAX, which is {most}"
            raise SettingError(name, start, allowed)
        return replace(self, requests_per_minute_min=least, requests_per_minute_max=most)


_NAMES: Mapping[str, str] = {
    spec.name: spec.metadata["name"] or PREFIX + spec.name.upper() for spec in fields(Config)
}


SECRETS = tuple(_NAMES[spec.name] for spec in fields(Config) if spec.metadata["is_secret"])
"""Settings that may hold a password."""


def setting_name(field_name: str) -> str:
    """``base_url`` is ``P2P_BASE_URL``, ``database_url`` is ``DATABASE_URL``."""
    return _NAMES[field_name]


def values(environ: Mapping[str, str]) -> dict[str, str]:
    """Every setting's name with its value: the environment's, else the default.

    Names of the environment that are no settings are passed on, to be warned of.
    """
    defaults = {setting_name(spec.name): spec.metadata["default"] for spec in fields(Config)}
    ours = (*_NAMES.values(),)
    given = {
        name: value
        for name, value in environ.items()
        if (name.startswith(PREFIX) or name in ours) and value
    }
    return {**defaults, **given}


def _warn_of_unknown(settings: BaseSettings) -> None:
    known = [setting_name(spec.name) for spec in fields(Config)]
    for name in settings:
        if str(name).startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            meant = f"; did you mean {close[0]}?" if close else ""
            logger.warning("Setting %s is not known here and has no effect%s", name, meant)


def _refuse_relative_folder(settings: BaseSettings) -> None:
    """A job of scrapyd would write below scrapyd's own folder, where nobody looks for it."""
    name = setting_name("data_dir")
    text = str(settings.get(name, "./data")).strip()
    if SCRAPYD_JOB in os.environ and text and not Path(text).expanduser().is_absolute():
        reason = "an absolute path under scrapyd, where a job's working folder is not the project's"
        raise SettingError(name, text, reason)


def _read(settings: BaseSettings, spec: Any) -> Any:
    name = setting_name(spec.name)
    text = str(settings.get(name, spec.metadata["default"])).strip()
    try:
        return spec.metadata["parse"](text)
    except (ValueError, ArithmeticError) as error:
        shown = HIDDEN if spec.metadata["is_secret"] else text
        raise SettingError(name, shown, spec.metadata["allowed"]) from error
