"""Where the time of the census goes: its own profile, summed by what the code belongs to."""

import pstats
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from benchmarks.contenders import manifest, manifests
from benchmarks.process import PROJECT

Function = tuple[str, int, str]
"""File, line and name, as cProfile has them; a built-in function's file is ``~``."""
Profile = Mapping[Function, Any]

WAITING = "waiting for the exchange"
LAKE = "lake (Parquet)"
REST = "the rest"
_BUILT_IN = "~"
_POLLS = ("epoll", "kqueue", "select.select", "select.poll")
_PARTS: tuple[tuple[str, str], ...] = (  # the first that a file's path holds
    ("/p2p_scrapy/binance/", "decoding"),
    ("/msgspec/", "decoding"),
    ("/pipelines/", "pipelines and journal"),
    ("/p2p_scrapy/journal/", "pipelines and journal"),
    ("/p2p_scrapy/lake/", LAKE),
    ("/pyarrow/", LAKE),
    ("/p2p_scrapy/watch/", "logging and progress"),
    ("/logging/", "logging and progress"),
    ("/rich/", "logging and progress"),
    ("/p2p_scrapy/", "census (plan, dispatch, ledger, spider)"),
    ("/items/", "census (plan, dispatch, ledger, spider)"),
    ("/scrapy/", "engine (Scrapy, Twisted, asyncio)"),
    ("/twisted/", "engine (Scrapy, Twisted, asyncio)"),
    ("/asyncio/", "engine (Scrapy, Twisted, asyncio)"),
    ("/w3lib/", "engine (Scrapy, Twisted, asyncio)"),
    ("/queuelib/", "engine (Scrapy, Twisted, asyncio)"),
    ("/selectors.py", "engine (Scrapy, Twisted, asyncio)"),
)


def time_shares(profile: Path, data: Path) -> dict[str, float]:
    """Seconds of each part, the largest first.

    The lake is written in a thread that the profile does not see: its time is taken from the
    batch's own files, and off the main thread's waiting, which is what that does meanwhile.
    """
    stats = pstats.Stats(str(profile))
    parts = sum_by_part(stats.stats)  # type: ignore[attr-defined]
    writing = _seconds_of_writing(data)
    parts[LAKE] += writing
    parts[WAITING] = max(parts[WAITING] - writing, 0.0)
    return dict(sorted(parts.items(), key=itemgetter(1), reverse=True))


def sum_by_part(profile: Profile) -> dict[str, float]:
    """Seconds of each part; those of a built-in function belong to whoever called it."""
    parts: dict[str, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in profile.items():
        if function[0] != _BUILT_IN:
            parts[_part(function)] += own
        elif any(poll in function[2] for poll in _POLLS):
            parts[WAITING] += own
        else:
            for caller, (_, _, in_caller, _) in callers.items():
                parts[_part(caller)] += in_caller
    return parts


def _part(function: Function) -> str:
    path = function[0].replace(str(PROJECT), "")
    return next((part for piece, part in _PARTS if piece in path), REST)


def _seconds_of_writing(data: Path) -> float:
    """From the batch's end to its manifest, which is written last."""
    (path,) = manifests(data)
    ended_at = datetime.fromisoformat(manifest(data)["ended_at"])
    return path.stat().st_mtime - ended_at.timestamp()
