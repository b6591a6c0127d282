"""What a combined-mode frame holds: its stream's name alone tells (futures API page, item 0.2)."""

import re
from functools import lru_cache

from items.futures import Dataset

_SUFFIXES = (
    (re.compile(r"aggTrade"), Dataset.TRADES),
    (re.compile(r"depth(5|10|20)(@\d+ms)?"), Dataset.DEPTH),
    (re.compile(r"depth(@\d+ms)?"), Dataset.DIFFS),
)


@lru_cache(maxsize=4096)
def dataset_of(stream: str) -> Dataset | None:
    """Where records of a stream such as ``btcusdt@depth20@100ms`` belong; None: nowhere."""
    _, _, suffix = stream.partition("@")
    return next((dataset for pattern, dataset in _SUFFIXES if pattern.fullmatch(suffix)), None)
