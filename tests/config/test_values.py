"""Every setting's default, its good values, and its bad ones."""

from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest
from scrapy.settings import BaseSettings

from items import Pair, Side
from p2p_scrapy import config
from p2p_scrapy.alert_addresses import AlertAddress
from p2p_scrapy.config import Config
from p2p_scrapy.errors import SettingError
from p2p_scrapy.parsing import Band, Endpoint, Lapse, Transport
from p2p_scrapy.proxies import Proxy
from tests.config.given import read


def test_the_defaults():
    assert read() == Config(
        base_url="https://p2p.binance.com",
        data_dir=Path.cwd() / "data",
        database_url="",
        fiats=(),
        assets=(),
        sides=(),
        requests_per_minute=100,
        requests_per_minute_min=10,
        requests_per_minute_max=200,
        interval_seconds=600,
        window_seconds=0.0,
        max_market_age_seconds=3600.0,
        timeout_seconds=15.0,
        retries=3,
        catalogue_hours=24.0,
        price_bands={},
        reject_zero_surplus=True,
        reject_zero_finish_rate=True,
        completeness_threshold=0.995,
        price_anomaly_threshold=0.2,
        volume_drop_threshold=0.5,
        alert_after_failures=5,
        alert_urls=(),
        retention_days=0,
        classifies=("mass", "profession", "fiat_trade"),
        keep_raw=False,
        proxies=(),
        transport=Transport.API,
        metrics_port=None,
        pushgateway_url="",
        time_lapse=Lapse(1.0),
    )


GOOD = [
    ("PROXIES", "", ()),
    ("PROXIES", "http://10.0.0.1:3128", (Proxy("10.0.0.1:3128", "http://10.0.0.1:3128"),)),
    ("BASE_URL", "http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
    ("BASE_URL", " https://p2p.binance.com ", "https://p2p.binance.com"),
    ("DATA_DIR", "/var/lib/p2p", Path("/var/lib/p2p")),
    ("DATA_DIR", "some/where", Path.cwd() / "some" / "where"),
    ("DATA_DIR", "~/p2p", Path.home() / "p2p"),
    ("DATABASE_URL", "postgresql://me:secret@db/p2p", "postgresql://me:secret@db/p2p"),
    ("DATABASE_URL", "host=/run/db dbname=p2p", "host=/run/db dbname=p2p"),
    ("DATABASE_URL", "None", "none"),
    ("DATABASE_URL", "", ""),
    ("FIATS", " ves ,BOB,,VES", ("VES", "BOB")),
    ("ASSETS", "usdt,1000SATS", ("USDT", "1000SATS")),
    ("SIDES", "sell,BUY", (Side.BUY, Side.SELL)),
    ("SIDES", "Sell", (Side.SELL,)),
    ("REQUESTS_PER_MINUTE", "1", 1),
    ("REQUESTS_PER_MINUTE", "10000000", 10_000_000),
    ("REQUESTS_PER_MINUTE_MIN", "", 10),
    ("REQUESTS_PER_MINUTE_MIN", "1", 1),
    ("REQUESTS_PER_MINUTE_MIN", "100", 100),
    ("REQUESTS_PER_MINUTE_MAX", "", 200),
    ("REQUESTS_PER_MINUTE_MAX", "100", 100),
    ("REQUESTS_PER_MINUTE_MAX", "10000000", 10_000_000),
    ("INTERVAL_SECONDS", "1", 1),
    ("INTERVAL_SECONDS", "86400", 86_400),
    ("WINDOW_SECONDS", "0", 0.0),
    ("WINDOW_SECONDS", "86400", 86_400.0),
    ("MAX_MARKET_AGE_SECONDS", "1", 1.0),
    ("MAX_MARKET_AGE_SECONDS", "31536000", 31_536_000.0),
    ("TIMEOUT_SECONDS", "0.1", 0.1),
    ("TIMEOUT_SECONDS", "600", 600.0),
    ("RETRIES", "0", 0),
    ("RETRIES", "20", 20),
    ("CATALOGUE_HOURS", "0", 0.0),
    ("CATALOGUE_HOURS", "8760", 8760.0),
    ("PRICE_BANDS", "USDT/VES=1:5000", {Pair("USDT", "VES"): Band(1.0, 5000.0)}),
    (
        "PRICE_BANDS",
        "usdt/ves=1:5000, BTC/VES=0:9e9",
        {Pair("USDT", "VES"): Band(1.0, 5000.0), Pair("BTC", "VES"): Band(0.0, 9e9)},
    ),
    ("REJECT_ZERO_SURPLUS", "false", False),
    ("REJECT_ZERO_SURPLUS", False, False),
    ("REJECT_ZERO_FINISH_RATE", "No", False),
    ("REJECT_ZERO_FINISH_RATE", "1", True),
    ("COMPLETENESS_THRESHOLD", "0", 0.0),
    ("COMPLETENESS_THRESHOLD", "1", 1.0),
    ("ALERT_AFTER_FAILURES", "1", 1),
    ("ALERT_AFTER_FAILURES", "1000", 1000),
    ("CLASSIFIES", "mass, block", ("mass", "block")),
    ("CLASSIFIES", "", ()),
    ("KEEP_RAW", "yes", True),
    ("PRICE_ANOMALY_THRESHOLD", "0.35", 0.35),
    ("VOLUME_DROP_THRESHOLD", "1", 1.0),
    ("RETENTION_DAYS", "365", 365),
    ("KEEP_RAW", True, True),
    ("TRANSPORT", "Browser", Transport.BROWSER),
    ("TRANSPORT", " auto ", Transport.AUTO),
    ("METRICS_PORT", "", None),
    ("METRICS_PORT", "9410", Endpoint("127.0.0.1", 9410)),
    ("METRICS_PORT", "0.0.0.0:0", Endpoint("0.0.0.0", 0)),
    ("METRICS_PORT", "[::1]:9410", Endpoint("::1", 9410)),
    ("ALERT_URLS", "", ()),
    (
        "ALERT_URLS",
        "json://me:secret@host/x",
        (AlertAddress("1 (JSON)", "json://me:secret@host/x"),),
    ),
    ("PUSHGATEWAY_URL", "", ""),
    ("PUSHGATEWAY_URL", "https://me:secret@gateway:9091/", "https://me:secret@gateway:9091"),
    ("TIME_LAPSE", "1", Lapse(1.0)),
]


@pytest.mark.parametrize(("name", "value", "read_value"), GOOD)
def test_good_values(name, value, read_value):
    found = getattr(read(**{config.setting_name(name.lower()): value}), name.lower())
    assert found == read_value
    assert type(found) is type(read_value)


BAD = [
    *(("PROXIES", each) for each in ("10.0.0.1:3128", "socks5://me:secret@x:1", "http://secret@x")),
    *(("BASE_URL", each) for each in ("", "p2p.binance.com", "ftp://x", "https://", "http://x:y")),
    *(("BASE_URL", each) for each in ("http://x:99999", "http://[::1", "https://x/?a=b")),
    *(("DATA_DIR", each) for each in ("", "a\0b")),
    *(("DATABASE_URL", each) for each in ("secret", "mysql://me:secret@db/p2p", "db.example.org")),
    *(("FIATS", each) for each in ("VE", "VESS", "V3S", "VES BOB", "VES;BOB")),
    *(("ASSETS", each) for each in ("U", "US-DT", "A" * 21)),
    *(("SIDES", each) for each in ("ASK", "BUY SELL")),
    *(("REQUESTS_PER_MINUTE", each) for each in ("0", "-1", "1.5", "ten", "", "10000001")),
    *(("REQUESTS_PER_MINUTE_MIN", each) for each in ("0", "-1", "9.5", "few", "10000001")),
    *(("REQUESTS_PER_MINUTE_MAX", each) for each in ("0", "-1", "9.5", "all", "10000001")),
    *(("INTERVAL_SECONDS", each) for each in ("0", "86401", "10m", "")),
    *(("WINDOW_SECONDS", each) for each in ("-1", "86401", "7m", "nan", "")),
    *(("MAX_MARKET_AGE_SECONDS", each) for each in ("0", "-1", "31536001", "1h", "")),
    *(("TIMEOUT_SECONDS", each) for each in ("0", "0.09", "601", "nan", "inf", "")),
    *(("RETRIES", each) for each in ("-1", "21", "three")),
    *(("CATALOGUE_HOURS", each) for each in ("-0.1", "8761", "nan")),
    *(("PRICE_BANDS", each) for each in ("USDT/VES", "USDT/VES=1", "USDTVES=1:2", "=1:2", "1:2")),
    *(("PRICE_BANDS", each) for each in ("USDT/VES=2:1", "USDT/VES=-1:2", "USDT/VES=nan:2")),
    *(("PRICE_BANDS", each) for each in ("USDT/VES=a:b", "USDT/VE=1:2", "U/VES=1:2", "USDT/=1:2")),
    *(("REJECT_ZERO_SURPLUS", each) for each in ("", "on", "2", "None")),
    *(("REJECT_ZERO_FINISH_RATE", each) for each in ("off", "nope")),
    *(("COMPLETENESS_THRESHOLD", each) for each in ("99.5", "-0.1", "nan", "99.5 %")),
    *(("ALERT_AFTER_FAILURES", each) for each in ("0", "1001", "x")),
    *(("PRICE_ANOMALY_THRESHOLD", each) for each in ("-0.1", "10.1", "20 %")),
    *(("VOLUME_DROP_THRESHOLD", each) for each in ("-0.1", "1.1", "half")),
    *(("RETENTION_DAYS", each) for each in ("-1", "36501", "a year")),
    *(("KEEP_RAW", each) for each in ("", "maybe")),
    *(("TRANSPORT", each) for each in ("", "chrome", "api,browser")),
    *(("METRICS_PORT", each) for each in ("x", "-1", "65536", ":9410", "::1:9410", "a b:1", "a:")),
    *(
        ("ALERT_URLS", each)
        for each in ("secret", "slack://secret", "json://host nowhere://secret")
    ),
    *(("PUSHGATEWAY_URL", each) for each in ("gateway:9091", "ftp://me:secret@x", "http://x:y")),
    *(("TIME_LAPSE", each) for each in ("0.5", "1001", "", "x", "2@", "2@soon", "@2026-01-01")),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_named_with_what_is_allowed(name, value):
    spec = next(each for each in fields(Config) if each.name == name.lower())
    setting = config.setting_name(name.lower())
    with pytest.raises(SettingError) as caught:
        read(**{setting: value})
    allowed, shown = spec.metadata["allowed"], value
    if spec.metadata["is_secret"]:
        shown = config.HIDDEN
    assert str(caught.value) == f"setting {setting} is {shown!r}; it must be {allowed}"
    assert caught.value.exit_code == 2


def test_every_setting_has_good_and_bad_values_here():
    every = {field.name.upper() for field in fields(Config)}
    assert {name for name, _, _ in GOOD} == every
    assert {name for name, _ in BAD} == every - {"CLASSIFIES"}  # any words are allowed


def test_every_default_is_of_its_type():
    defaults, hints = read(), get_type_hints(Config)
    for name in ("requests_per_minute", "timeout_seconds", "keep_raw", "base_url", "data_dir"):
        assert isinstance(getattr(defaults, name), hints[name])


def test_a_home_that_does_not_exist_is_a_bad_folder():
    with pytest.raises(SettingError, match="P2P_DATA_DIR"):
        read(P2P_DATA_DIR="~no-such-user/p2p")


def test_all_defaults_are_good_values():
    assert Config.from_settings(BaseSettings(config.values({}))) == read()
