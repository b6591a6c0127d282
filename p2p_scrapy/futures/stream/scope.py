"""What a run is asked to stream: the spider's arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from items.futures import Dataset
from p2p_scrapy import arguments
from p2p_scrapy.futures.stream.routes import DATASETS
from p2p_scrapy.parsing import words

_SINKS = ("parquet", "jsonl")
_DEFAULTS = {"symbols": "", "streams": "depth20@100ms,aggTrade", "sink": "parquet"}


def _streams(text: str) -> tuple[str, ...]:
    streams = words(text)
    if not streams or not all(stream in DATASETS for stream in streams):
        raise ValueError(text)
    if len({DATASETS[stream] for stream in streams}) < len(streams):
        raise ValueError(text)  # records do not name theirs
    return streams


def _sink(text: str) -> str:
    if text not in _SINKS:
        raise ValueError(text)
    return text


_ARGUMENTS: arguments.Known = {
    "symbols": (arguments.contracts, "symbols between commas, e.g. BTCUSDT,ETHUSDT"),
    "streams": (
        _streams,
        f"of {','.join(DATASETS)}: one partial depth, one depth and aggTrade at most",
    ),
    "sink": (_sink, "parquet or jsonl"),
}


@dataclass(frozen=True, slots=True)
class StreamScope:
    """Symbols, the stream of each dataset, and the form of the files."""

    symbols: tuple[str, ...]
    streams: tuple[str, ...]
    sink: str

    @classmethod
    def of_run(cls, typed: Mapping[str, str]) -> Self:
        """Read the arguments.

        Raises:
            UsageError: one is unknown, missing, or has a value that it cannot have.
        """
        return cls(**arguments.read(_DEFAULTS | dict(typed), _ARGUMENTS))

    def __str__(self) -> str:
        return f"{', '.join(self.streams)} of {', '.join(self.symbols)} as {self.sink}"

    def stream(self, dataset: Dataset) -> str | None:
        """The stream that fills a dataset."""
        return next((each for each in self.streams if DATASETS[each] is dataset), None)
