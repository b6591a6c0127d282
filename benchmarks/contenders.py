"""Who is measured: the census, and what it is compared with."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errand import Errand
from benchmarks.process import BenchmarkError, python

_BEYOND_REACH = "10000000"
"""Requests a minute: a budget that never makes the census wait."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that reads all pages: its name, its command, and how many ads it brought."""

    name: str
    command: Callable[[Errand], list[str]]
    surroundings: Callable[[Errand], Mapping[str, str]]
    ads: Callable[[Errand], int]


def manifest(data_dir: Path) -> dict[str, Any]:
    """The record of the only batch in a data folder.

    Raises:
        BenchmarkError: there is none, or more than one.
    """
    found = manifests(data_dir)
    if len(found) != 1:
        raise BenchmarkError(f"{len(found)} manifests below {data_dir} where one is due")
    record: dict[str, Any] = json.loads(found[0].read_bytes())
    return record


def manifests(data_dir: Path) -> list[Path]:
    """Where the records of the batches in a data folder lie."""
    return list(data_dir.glob("raw/batches/**/batch_*.json"))


def data_dir(errand: Errand) -> Path:
    """Where the census puts what it reads on an errand."""
    return errand.folder / "data"


def census_command(*more: str) -> list[str]:
    """``scrapy crawl binance_p2p`` of this project, as it is configured."""
    return python("-m", "scrapy", "crawl", "binance_p2p", *more)


def census_surroundings(errand: Errand) -> dict[str, str]:
    """Everything by default, but for where to read, where to write, and the budget."""
    return {
        "P2P_BASE_URL": errand.url,
        "P2P_DATA_DIR": str(data_dir(errand)),
        "P2P_REQUESTS_PER_MINUTE": _BEYOND_REACH,
        "DATABASE_URL": "none",  # what is compared ends with the closed Parquet files
    }


def _census_ads(errand: Errand) -> int:
    ads: dict[str, int] = manifest(data_dir(errand))["ads"]
    return sum(ads.values())


def _program(name: str, module: str) -> Contender:
    return Contender(
        name,
        command=lambda errand: python("-m", module, *errand.arguments()),
        surroundings=lambda _: {},
        ads=Errand.told,
    )


CENSUS = Contender(
    "census",
    command=lambda _: census_command(),
    surroundings=census_surroundings,
    ads=_census_ads,
)
BARE = _program("bare Scrapy", "benchmarks.bare")
PLAIN = _program("plain", "benchmarks.plain")
LIMIT = _program("exchange's limit", "benchmarks.load")
