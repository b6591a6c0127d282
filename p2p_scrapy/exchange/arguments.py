"""The options of an exchange as a person types them."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from p2p_scrapy.exchange.admission import ADMIT
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.fault_kinds import KINDS
from p2p_scrapy.exchange.futures.archive.fault_kinds import ARCHIVE_KINDS
from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions
from p2p_scrapy.exchange.futures.stream.options import StreamOptions
from p2p_scrapy.exchange.options import RETRY_AFTER, ExchangeOptions

_FAULTS = "docs/exchange.md says what each KIND does - " + ", ".join(KINDS)
"""Without a colon at the end of a line, which Scrapy's help would take for a heading."""
_STREAM = "stream_"
"""With what the options of the live streams begin."""
_ARCHIVE = "archive_"
"""With what the options of the archive begin."""


class _Flag(NamedTuple):
    """A flag: what reads its text, what else to call the text, and what it does."""

    read: Callable[[str], Any]
    metavar: str
    about: str


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in text.split(",") if code.strip())


def _day(name: str) -> Callable[[str], date]:
    def read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise OptionError(name, text, "a day such as 2026-10-03") from None

    return read


_FLAGS: dict[str, _Flag] = {
    "seed": _Flag(int, "N", "of all randomness; the same seed gives the same world (default 1)"),
    "ads": _Flag(int, "N", "natural ads in all markets together (default 50000)"),
    "markets": _Flag(int, "N", "only the first N markets (default: all 1,792)"),
    "fiats": _Flag(_codes, "CODES", "only these currencies, e.g. VES,BOB"),
    "assets": _Flag(_codes, "CODES", "only these assets, e.g. USDT,BTC"),
    "latency_ms": _Flag(float, "MS", "milliseconds before every answer (default 0)"),
    "latency_spread_ms": _Flag(float, "MS", "up to so many milliseconds more (default 0)"),
    "churn": _Flag(float, "SHARE", "share of the ads that change in ten minutes (default 0)"),
    "limit": _Flag(int, "N", "requests a client may make in any 60 s, else 429 (default: none)"),
    "admit": _Flag(str, "WHOM", f"{' or '.join(ADMIT)} that ran the page's script (default all)"),
    "retry_after": _Flag(str, "HOW", f"how a 429 names the wait: {', '.join(RETRY_AFTER)}"),
    "retry_after_seconds": _Flag(int, "S", "the wait it names (default: until it is over)"),
    "slow_seconds": _Flag(float, "S", "how long the fault slow takes (default 5)"),
    "replay": _Flag(Path, "DIR", "answer from the recordings in this folder"),
    "time_lapse": _Flag(float, "FACTOR", "exchange seconds in one real second (default 1)"),
    "stream_cut": _Flag(float, "S", "live futures connections are lost after about S seconds"),
    "stream_notice": _Flag(float, "S", "and it is told so many seconds before (default: not)"),
    "stream_silence": _Flag(float, "S", "they send nothing more after about S seconds"),
    "stream_skip": _Flag(float, "SHARE", "share of the live futures frames that are never sent"),
    "stream_replay": _Flag(Path, "FILE", "live futures from this recording"),
    "archive_symbols": _Flag(_codes, "CODES", "in the archive (default BTCUSDT,ETHUSDT)"),
    "archive_start": _Flag(_day("archive_start"), "DAY", "its first (default two months ago)"),
    "archive_end": _Flag(_day("archive_end"), "DAY", "its last day (default yesterday)"),
    "archive_trades": _Flag(int, "N", "rows of a day of its aggTrades (default 500)"),
    "archive_replay": _Flag(Path, "DIR", "the archive from recorded zips and CSVs instead"),
}


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all flags; their texts are read by options_of, which says what is wrong with one."""
    for name, flag in _FLAGS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar=flag.metavar, help=flag.about)
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND=SHARE[@FIAT[/ASSET[/SIDE]]]",
        help=f"a fault for this share of the searches, repeatable. {_FAULTS}",
    )
    parser.add_argument(
        "--archive-fault",
        action="append",
        default=[],
        metavar="KIND@FILE",
        help=f"a fault of these files, repeatable. KIND is one of {', '.join(ARCHIVE_KINDS)}",
    )


def options_of(arguments: argparse.Namespace) -> ExchangeOptions:
    """Read the flags.

    Raises:
        OptionError: one has a value that it cannot have.
    """
    given = {
        name: read_number(name, getattr(arguments, name), flag.read)
        for name, flag in _FLAGS.items()
        if getattr(arguments, name) is not None
    }
    for name in ("latency", "latency_spread"):
        if f"{name}_ms" in given:
            given[name] = given.pop(f"{name}_ms") / 1000
    streams = StreamOptions(**_taken(given, _STREAM))
    faults = tuple(arguments.archive_fault)
    archive = ArchiveOptions(faults=faults, **_taken(given, _ARCHIVE))
    return ExchangeOptions(faults=tuple(arguments.fault), streams=streams, archive=archive, **given)


def _taken(given: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Take out the options that begin so, without that beginning."""
    return {
        name.removeprefix(prefix): given.pop(name) for name in [*given] if name.startswith(prefix)
    }


def read_number(name: str, text: str, read: Callable[[str], Any]) -> Any:
    """Read a flag's text.

    Raises:
        OptionError: it is no number where one is due.
    """
    try:
        return read(text)
    except ValueError:
        kind = "a whole number" if read is int else "a number"
        raise OptionError(name, text, kind) from None
