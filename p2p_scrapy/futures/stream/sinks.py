"""How a window becomes files. Writing the same window again leaves the same files."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from items.futures import Dataset
from p2p_scrapy.futures.parquet import write_records
from p2p_scrapy.futures.stream.window import Window

_encode = msgspec.json.Encoder(decimal_format="string").encode


class Sink(Protocol):
    """Where records go."""

    def sizes(self, window: Window) -> dict[str, int]:
        """What must be known of the files before the window is written, to write it again."""

    def write(self, window: Window, sizes: Mapping[str, int]) -> dict[Dataset, int]:
        """Write every dataset; how many records of each there were.

        Raises:
            OSError: the disk's trouble.
        """


def sink_of(name: str, data_dir: Path) -> Sink:
    """``parquet`` or ``jsonl``, below the data folder."""
    sinks: dict[str, type[ParquetSink | JsonlSink]]
    sinks = {"parquet": ParquetSink, "jsonl": JsonlSink}
    return sinks[name](data_dir / "raw" / "stream")


class ParquetSink:
    """A file a window and dataset; the same window has the same names, whenever it is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sizes(self, window: Window) -> dict[str, int]:  # noqa: ARG002 - whole files need none
        """Nothing: files are replaced whole."""
        return {}

    def write(self, window: Window, sizes: Mapping[str, int]) -> dict[Dataset, int]:  # noqa: ARG002
        """Write a file each, atomically."""
        written = {}
        for dataset, table in window.tables():
            path = self._folder / dataset / f"date={window.day}"
            write_records(table, path / f"{dataset}_{window.name}.parquet")
            written[dataset] = table.num_rows
        return written


class JsonlSink:
    """A file a day and dataset, to which windows are appended.

    A window that was begun and not finished is cut off again before it is written anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sizes(self, window: Window) -> dict[str, int]:
        """The bytes of the day's files as they stand."""
        paths = {dataset: self._path(dataset, window) for dataset in Dataset}
        return {d.value: path.stat().st_size for d, path in paths.items() if path.exists()}

    def write(self, window: Window, sizes: Mapping[str, int]) -> dict[Dataset, int]:
        """Append a line a record."""
        written = {}
        for dataset, table in window.tables():
            self._append(self._path(dataset, window), sizes.get(dataset.value, 0), table)
            written[dataset] = table.num_rows
        return written

    def _path(self, dataset: Dataset, window: Window) -> Path:
        folder = self._folder / dataset / f"date={window.day}"
        return folder / f"{dataset}_{window.name[:8]}.jsonl"

    def _append(self, path: Path, size: int, table: pa.Table) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.truncate(size)
            file.write(b"".join(_encode(row) + b"\n" for row in _rows(table)))
            file.flush()
            os.fsync(file.fileno())


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    return table.to_pylist()
