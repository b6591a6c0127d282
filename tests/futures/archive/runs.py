"""Runs of the history, each in a process of its own, and what they leave."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions

ROOT = Path(__file__).resolve().parents[3]
LIMIT_SECONDS = 100


def options(**changes):
    """An archive of five weeks of one symbol."""
    given = {"start": date(2026, 8, 30), "end": date(2026, 10, 3), "trades": 120}
    return ArchiveOptions(**{"symbols": ("BTCUSDT",)} | given | changes)


class Lake:
    """What runs left in a data folder."""

    def __init__(self, folder):
        self.folder = folder

    @property
    def stems(self):
        found = self.folder.glob("raw/futures/[ak]*/**/*.parquet")
        return sorted(path.stem for path in found)

    def path(self, stem):
        (path,) = self.folder.glob(f"raw/futures/*/**/{stem}.parquet")
        return path

    def rows(self, stem):
        return pq.read_table(self.path(stem), partitioning=None).to_pylist()

    def told(self, stem):
        """Source and findings of a file."""
        metadata = pq.read_metadata(self.path(stem)).metadata
        return json.loads(metadata[b"source"]), json.loads(metadata[b"found"])

    def gaps(self, name="BTCUSDT-aggTrades"):
        path = self.folder / f"raw/futures/gaps/{name}.parquet"
        return pq.read_table(path, partitioning=None).to_pylist() if path.exists() else []

    def leftovers(self):
        """What is hidden, partial or still on its way."""
        hidden = [path for path in self.folder.rglob(".*") if path.name != ".lock"]
        return sorted(hidden) + sorted(self.folder.glob("downloads/*.part"))


def arguments_of(exchange, folder, **given):
    """The history's command; names in capitals are settings, others -a arguments."""
    settings = {
        "FUTURES_ARCHIVE_URL": exchange.url,
        "FUTURES_LISTING_URL": f"{exchange.url}/data.binance.vision",
        "P2P_BASE_URL": exchange.url,
        "P2P_TIME_LAPSE": 100,  # pauses between retries
        "P2P_DATA_DIR": folder,
    }
    settings |= {name: value for name, value in given.items() if name.isupper()}
    asked = {"symbols": "BTCUSDT", "start": "2026-08-30", "end": "2026-10-03"}
    asked |= {name: value for name, value in given.items() if name.islower()}
    command = ["crawl", "binance_futures_history"]
    command += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return command + [part for name, value in asked.items() for part in ("-a", f"{name}={value}")]


def run_history(exchange, folder, surroundings, **given):
    """Run it to its end: exit code and log."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments_of(exchange, folder, **given)],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr
