"""``python -m benchmarks.warehouse LAKE ROUNDS FILE``: load a lake's batch, and others like it.

The server is the embedded one, in a folder that goes with it; the seconds are told as JSON.
"""

import json
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from benchmarks.warehouse import speeds
from benchmarks.warehouse.rounds import one_round
from benchmarks.warehouse.variants import Variant, all_new, twentieth_changed, unchanged
from p2p_scrapy.warehouse.embedded import EmbeddedServer
from p2p_scrapy.warehouse.lake_batch import LakeBatch, closed_batches

_Figure = TypeVar("_Figure")

_ENTERED_BY_OTHERS = 0o711
"""The server runs as another user where we are root."""


def main(lake: Path, rounds: int, told: Path) -> None:
    """Measure, round by round."""
    batches = _batches(closed_batches(lake)[0])
    with TemporaryDirectory(prefix="p2p-benchmarks-") as place:
        Path(place).chmod(_ENTERED_BY_OTHERS)
        with EmbeddedServer(Path(place)) as server:
            measured = [one_round(server.dsn, batches) for _ in range(rounds)]
    found = speeds.Speeds(
        sum(batches[speeds.FIRST].record.ads.values()),
        _gathered([each.seconds for each in measured]),
        _gathered([each.cpu_seconds for each in measured]),
    )
    told.write_text(json.dumps(asdict(found)))


def _gathered(rounds: list[dict[str, _Figure]]) -> dict[str, list[_Figure]]:
    return {name: [each[name] for each in rounds] for name in rounds[0]}


def _batches(first: LakeBatch) -> dict[str, LakeBatch]:
    variant, interval = Variant(first, first.data_dir), timedelta(minutes=10)
    return {
        speeds.FIRST: first,
        speeds.UNCHANGED: variant.later(interval, unchanged),
        speeds.CHANGED: variant.later(2 * interval, twentieth_changed),
        speeds.ALL_NEW: variant.later(3 * interval, all_new),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
