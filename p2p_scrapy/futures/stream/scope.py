"""What a run is asked to stream: the spider's arguments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from items.futures import Dataset
from p2p_scrapy.errors import ArgumentError, UsageError
from p2p_scrapy.futures.stream.routes import DATASETS
from p2p_scrapy.parsing import words

_SYMBOL = re.compile(r"\w{2,40}")
_SINKS = ("parquet", "jsonl")
ARGUMENTS = ("symbols", "streams", "sink")
DEFAULT_STREAMS = "depth20@100ms,aggTrade"


@dataclass(frozen=True, slots=True)
class StreamScope:
    """Symbols, the stream of each dataset, and the form of the files."""

    symbols: tuple[str, ...]
    streams: tuple[str, ...]
    sink: str

    @classmethod
    def of_run(cls, arguments: Mapping[str, str]) -> Self:
        """Read the arguments.

        Raises:
            UsageError: one is unknown, missing, or has a value that it cannot have.
        """
        for name in arguments:
            if name not in ARGUMENTS:
                raise UsageError(
                    f"there is no argument {name!r}; there are: {', '.join(ARGUMENTS)}"
                )
        sink = arguments.get("sink", "parquet")
        if sink not in _SINKS:
            raise ArgumentError("sink", sink, "parquet or jsonl")
        symbols = _symbols(arguments.get("symbols", ""))
        return cls(symbols, _streams(arguments.get("streams", DEFAULT_STREAMS)), sink)

    def __str__(self) -> str:
        return f"{', '.join(self.streams)} of {', '.join(self.symbols)} as {self.sink}"

    def stream(self, dataset: Dataset) -> str | None:
        """The stream that fills a dataset."""
        return next((each for each in self.streams if DATASETS[each] is dataset), None)


def _symbols(text: str) -> tuple[str, ...]:
    symbols = words(text.upper())
    if not symbols or not all(_SYMBOL.fullmatch(symbol) for symbol in symbols):
        raise ArgumentError("symbols", text, "contracts such as BTCUSDT,ETHUSDT")
    return symbols


def _streams(text: str) -> tuple[str, ...]:
    streams = words(text)
    if not streams or not all(stream in DATASETS for stream in streams):
        raise ArgumentError("streams", text, f"of these: {', '.join(DATASETS)}")
    if len({DATASETS[stream] for stream in streams}) < len(streams):
        told = "one partial depth, one depth and aggTrade at most, since records do not name theirs"
        raise ArgumentError("streams", text, told)
    return streams
