"""A file of aggTrades in the shape of BTCUSDT's: as a zip, and unpacked."""

import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

STEM = "BTCUSDT-aggTrades-2026-09"
_BEGIN, _END = 1_788_220_800_000, 1_790_812_800_000
"""September 2026, in milliseconds."""
_FIRST_ID, _FIRST_TRADE = 3_404_749_954, 8_000_000_000
_TRADES_A_ROW = (1, 1, 1, 1, 2, 3, 5, 20)


def make(folder: Path, rows: int) -> None:
    """Write the CSV and its zip; the same for the same number of rows."""
    plain, packed = folder / f"{STEM}.csv", folder / f"{STEM}.zip"
    table = _table(rows)
    with plain.open("wb") as file:
        file.write(",".join(table.column_names).encode() + b"\n")
        csv.write_csv(table, file, csv.WriteOptions(include_header=False))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, plain.name)


def _table(rows: int) -> pa.Table:
    """Prices walk by tenths, most quantities are small, times rise."""
    chance = np.random.default_rng(1)
    last = _FIRST_TRADE + np.cumsum(chance.choice(_TRADES_A_ROW, rows)) - 1
    first = np.concatenate(([_FIRST_TRADE], last[:-1] + 1))
    price = np.round(77_000 + np.cumsum(chance.integers(-3, 4, rows)) * 0.1, 1)
    quantity = np.clip((chance.pareto(1.2, rows) * 8).astype(int), 1, 500_000) / 1000
    columns = {
        "agg_trade_id": np.arange(_FIRST_ID, _FIRST_ID + rows),
        "price": price,
        "quantity": quantity,
        "first_trade_id": first,
        "last_trade_id": last,
        "transact_time": np.sort(chance.integers(_BEGIN, _END, rows)),
        "is_buyer_maker": chance.random(rows) < 0.5,  # noqa: PLR2004 - as many buys as sells
    }
    return pa.table(columns)
