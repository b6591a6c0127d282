"""The history's contenders do the same work on the same file."""

import io

import pyarrow.parquet as pq
from rich.console import Console

from benchmarks.futures_history.__main__ import figures
from benchmarks.futures_history.making import make
from benchmarks.futures_history.speeds import HistorySpeeds, Run, history_speeds
from benchmarks.futures_history.work import BARE, OURS, PANDAS


def test_each_reads_every_row(tmp_path):
    make(tmp_path, 5_000)
    speeds = history_speeds(tmp_path, 1)
    assert {name: run.rows for name, (run,) in speeds.runs.items()} == {
        OURS: 5_000,
        PANDAS: 5_000,
        BARE: 5_000,
    }
    ours, theirs = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("ours", "pandas"))
    assert ours["agg_trade_id"].to_pylist() == theirs["agg_trade_id"].to_pylist()
    prices = [float(price) for price in ours["price"].to_pylist()]
    assert prices == theirs["price"].to_pylist()


def test_the_report():
    runs = {OURS: [Run(1.0, 3_000_000, 2.0, 400_000_000)]}
    runs |= {PANDAS: [Run(3.0, 3_000_000, 3.0, 900_000_000)]}
    runs |= {BARE: [Run(0.1, 3_000_000, 0.5, 800_000_000)]}
    speeds = HistorySpeeds(runs)
    assert {bar.name: (bar.value, bar.is_met) for bar in speeds.bars()} == {
        "rows/s by pandas": (3.0, True),
        "rows/s by bare pyarrow.csv": (0.1, False),
        "peak memory": (400.0, True),
    }
    console = Console(file=io.StringIO(), width=100)
    console.print(figures(speeds))
    assert "3,000,000" in console.file.getvalue()
