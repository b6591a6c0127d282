import argparse
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from p2p_scrapy.exchange import ExchangeOptions
from p2p_scrapy.exchange.arguments import add_flags, options_of
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.fault_kinds import KINDS
from p2p_scrapy.exchange.futures.archive.fault_kinds import ARCHIVE_KINDS
from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions
from p2p_scrapy.exchange.futures.stream.options import StreamOptions


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return parser


def test_without_flags_the_defaults_hold(parser):
    assert options_of(parser.parse_args([])) == ExchangeOptions()


def test_reads_every_flag(parser, tmp_path):
    typed = (
        "--seed 5 --ads 60 --markets 3 --fiats ves,BOB --assets usdt --latency-ms 250 "
        "--churn 0.035 --limit 90 --retry-after date --retry-after-seconds 7 --slow-seconds 1.5 "
        f"--time-lapse 60 --replay {tmp_path} --fault cut=0.1@VES --fault slow=1"
    )
    assert options_of(parser.parse_args(typed.split())) == ExchangeOptions(
        seed=5,
        ads=60,
        markets=3,
        fiats=("VES", "BOB"),
        assets=("USDT",),
        latency=0.25,
        churn=0.035,
        limit=90,
        retry_after="date",
        retry_after_seconds=7,
        slow_seconds=1.5,
        time_lapse=60.0,
        replay=Path(tmp_path),
        faults=("cut=0.1@VES", "slow=1"),
    )


NAMED_OTHERWISE = {
    "latency": "latency-ms",
    "latency_spread": "latency-spread-ms",
    "faults": "fault",
}


OF_FUTURES = {"streams": ("stream", StreamOptions), "archive": ("archive", ArchiveOptions)}


def flags():
    """The flag of every option."""
    for name in (option.name for option in fields(ExchangeOptions) if option.init):
        if name not in OF_FUTURES:
            yield NAMED_OTHERWISE.get(name, name.replace("_", "-"))
            continue
        start, options = OF_FUTURES[name]
        yield from (
            f"{start}-{NAMED_OTHERWISE.get(each.name, each.name)}" for each in fields(options)
        )


def test_every_option_and_fault_is_in_the_help(parser):
    text = parser.format_help()
    for flag in flags():
        assert f"--{flag} " in text
    unwrapped = "".join(text.split())
    assert all(kind in unwrapped for kind in (*KINDS, *ARCHIVE_KINDS))


def test_reads_the_flags_of_the_archive(parser, tmp_path):
    typed = (
        "--archive-symbols btcusdt --archive-start 2026-08-30 --archive-end 2026-10-03 "
        f"--archive-trades 9 --archive-replay {tmp_path} --archive-fault cut-file@*-2026-09"
    )
    assert options_of(parser.parse_args(typed.split())).archive == ArchiveOptions(
        symbols=("BTCUSDT",),
        start=date(2026, 8, 30),
        end=date(2026, 10, 3),
        trades=9,
        replay=Path(tmp_path),
        faults=("cut-file@*-2026-09",),
    )


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("--archive-start soon", "--archive-start is 'soon', but must be a day such as 2026-10-03"),
        (
            "--archive-start 2026-10-03 --archive-end 2026-10-01",
            "'2026-10-01', but must be not before",
        ),
        ("--archive-trades 0", "--archive-trades is 0, but must be 1 or more"),
        ("--archive-replay /no/such", "must be a folder that exists"),
        ("--archive-fault cut-file", "--archive-fault is 'cut-file', but must be KIND@FILE"),
        ("--archive-fault rain@x", "--archive-fault is 'rain@x', but must be KIND@FILE"),
    ],
)
def test_refuses_what_the_archive_cannot_be(parser, typed, reason):
    with pytest.raises(OptionError, match=reason):
        options_of(parser.parse_args(typed.split()))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("--ads many", "--ads is 'many', but must be a whole number"),
        ("--churn lots", "--churn is 'lots', but must be a number"),
        ("--latency-ms -1", "--latency is -0.001, but must be seconds, 0 or more"),
        ("--fiats ves,XXX", r"--fiats is \('VES', 'XXX'\), but must be of AFN"),
        ("--replay /no/such", "must be a folder that exists"),
    ],
)
def test_refuses_what_cannot_be(parser, typed, reason):
    flag, value = typed.split()
    with pytest.raises(OptionError, match=reason):
        options_of(parser.parse_args([f"{flag}={value}"]))
