"""``python -m benchmarks.futures_history.work CONTENDER FOLDER``: one contender's work, timed.

What it prints is the seconds of the work itself, without its imports, and the rows it had.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.futures_history.making import STEM

OURS, PANDAS, BARE = "history", "pandas", "pyarrow.csv"


def ours(folder: Path) -> Callable[[], int]:
    """As the crawl does it."""
    import pyarrow as pa  # noqa: PLC0415

    from p2p_scrapy.futures.archive.conversion import Conversion  # noqa: PLC0415
    from p2p_scrapy.futures.archive.series import ArchiveFile, Period, Series  # noqa: PLC0415
    from p2p_scrapy.futures.archive.writing import Source  # noqa: PLC0415

    pa.array([0])  # where pandas is installed, Arrow imports it with the first array
    file = ArchiveFile(Series("aggTrades", "BTCUSDT"), Period.parse("2026-09"))
    path, target = folder / f"{STEM}.zip", folder / "ours.parquet"
    source = Source("http://archive", "", path.stat().st_size, None)

    def work() -> int:
        found = Conversion(path, source, file, target, folder).run()
        if found.faults:
            raise RuntimeError(f"the file has faults: {found.faults}")
        return found.rows

    return work


def pandas(folder: Path) -> Callable[[], int]:
    """As most scripts do it, with the same checks: the zip as a frame, and the frame as Parquet."""
    import pandas as pd  # noqa: PLC0415

    def work() -> int:
        frame = pd.read_csv(folder / f"{STEM}.zip")
        frame = frame.sort_values("agg_trade_id")
        ids, first, last = frame.agg_trade_id, frame.first_trade_id, frame.last_trade_id
        times = pd.to_datetime(frame.transact_time, unit="ms", utc=True)
        is_right = (
            (ids.diff().dropna() == 1).all()
            and (first.to_numpy()[1:] == last.to_numpy()[:-1] + 1).all()
            and times.between("2026-09-01", "2026-10-01", inclusive="left").all()
            and (frame.quantity > 0).all()
        )
        if not is_right:
            raise RuntimeError("the file has faults")
        frame.assign(transact_time=times).to_parquet(folder / "pandas.parquet", compression="zstd")
        return len(frame)

    return work


def bare(folder: Path) -> Callable[[], int]:
    """The unpacked file read, and nothing done with it: no further could anybody get."""
    from pyarrow import csv  # noqa: PLC0415

    return lambda: int(csv.read_csv(folder / f"{STEM}.csv").num_rows)


CONTENDERS = {OURS: ours, PANDAS: pandas, BARE: bare}


def main(name: str, folder: Path) -> None:
    """Do it, and tell."""
    work = CONTENDERS[name](folder)
    began_at = time.perf_counter()
    rows = work()
    print(json.dumps({"seconds": time.perf_counter() - began_at, "rows": rows}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
