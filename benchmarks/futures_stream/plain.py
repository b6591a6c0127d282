"""A collector as it is written in an afternoon: websockets, json, pandas."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import websockets  # type: ignore[import-not-found]

FLUSH_ROWS = 20_000


class Files:
    """Rows on their way to one Parquet file after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[dict[str, Any]] = []
        self._files = 0

    def add(self, row: dict[str, Any]) -> None:
        """Keep a row; a full file is written."""
        self._rows.append(row)
        if len(self._rows) == FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is kept."""
        if self._rows:
            pd.DataFrame(self._rows).to_parquet(self._folder / f"{self._files}.parquet")
            self._files += 1
            self._rows = []


def row_of(data: dict[str, Any]) -> dict[str, Any]:
    """A message with numbers where it has text; floats, as everybody does it."""
    row = {key: value for key, value in data.items() if key not in ("e", "ps", "st")}
    for key in ("p", "q", "nq"):
        if key in row:
            row[key] = float(row[key])
    if "b" in row:
        row["b"] = [[float(price), float(quantity)] for price, quantity in row["b"]]
        row["a"] = [[float(price), float(quantity)] for price, quantity in row["a"]]
    return row


async def collect(url: str, files: Files) -> None:
    """Store everything until the connection ends."""
    async with websockets.connect(url, compression=None, ping_interval=None) as socket:
        async for text in socket:
            files.add(row_of(json.loads(text)["data"]))
    files.flush()


if __name__ == "__main__":
    asyncio.run(collect(sys.argv[1], Files(Path(sys.argv[2]))))
