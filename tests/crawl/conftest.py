"""Takes censuses of exchanges, each in a process of its own, and reads what they left on disk."""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT.parent / "shared/captures/p2p"
LIMIT_SECONDS = 110
"""A crawl that hangs fails its test instead of the whole run."""


class Crawl:
    """One finished crawl and what it left; ``area`` is raw, or samples for a sample.

    Markets are (fiat, asset, side) throughout, the side being the advertiser's.
    """

    def __init__(self, code, log, folder, area):
        self.code = code
        self.log = log
        self.folder = folder
        self.root = folder / area

    @cached_property
    def manifest(self):
        """Of the newest batch, which is this crawl's as long as no later one ran in the folder."""
        return json.loads(self._paths("batches/**/batch_*.json")[-1].read_text("utf-8"))

    @cached_property
    def stamp(self):
        return self._paths("batches/**/batch_*.json")[-1].stem.removeprefix("batch_")

    @cached_property
    def ads(self):
        """Every row of both snapshots, in the files' order."""
        return [*self.side("buy"), *self.side("sell")]

    def side(self, name):
        return self._rows(f"{name}_ads/**/snapshot_{self.stamp}.parquet")

    @cached_property
    def ads_of(self):
        books = defaultdict(list)
        for ad in self.ads:
            books[ad["fiat"], ad["asset"], ad["trade_type"]].append(ad)
        return books

    @cached_property
    def ledger(self):
        rows = self._rows(f"sweeps/**/sweeps_{self.stamp}.parquet")
        return {(row["fiat"], row["asset"], row["side"]): row for row in rows}

    @cached_property
    def rejected(self):
        """Every refused ad: a market's rejections are found by its ``fiat``, ``asset``, ``side``."""
        below = "samples/rejected" if self.root.name == "samples" else "rejected"
        return self._lines(self.folder / below, f"**/rejected_{self.stamp}.jsonl.gz")

    @cached_property
    def responses(self):
        return self._lines(self.root, f"responses/**/responses_{self.stamp}.jsonl.gz")

    @cached_property
    def alerts(self):
        prefix = f"{self.stamp}_"
        return {
            path.stem.removeprefix(prefix): json.loads(path.read_text("utf-8"))
            for path in sorted((self.folder / "alerts").glob(f"{prefix}*.alert"))
        }

    @cached_property
    def checkpoint(self):
        return json.loads((self.folder / "checkpoint.json").read_text("utf-8"))

    @cached_property
    def verdicts(self):
        return {market: row["verdict"] for market, row in self.ledger.items()}

    def is_settled(self):
        """Nothing crashed, and every entry that was received is accounted for somewhere."""
        assert "Traceback" not in self.log, self.log
        assert "Unhandled" not in self.log, self.log
        rejections = Counter((r["fiat"], r["asset"], r["side"]) for r in self.rejected)
        for market, row in self.ledger.items():
            received = row["unique"] + row["duplicates"] + row["promoted"]
            assert row["rows"] == received, (market, row)
            assert row["refused"] == rejections[market], (market, row)
            # A promoted row whose ad also stands in the book is merged into it; no other is lost.
            book = self.ads_of[market]
            merged = sum(ad["is_promoted"] and ad["rank"] is not None for ad in book)
            repeated = row["rows"] - len(book) - row["refused"] - merged
            assert 0 <= repeated <= row["duplicates"], (market, row, len(book), merged)
            assert (row["verdict"] == "complete") == (row["error"] is None), (market, row)
            assert row["batch_id"] == self.manifest["batch_id"]
        reasons = Counter(refusal["reason"] for refusal in self.rejected)
        assert reasons == self.manifest["refused"]
        counted = Counter(self.verdicts.values())
        for verdict in ("complete", "partial", "failed"):
            assert self.manifest[verdict] == counted[verdict]
        for side in ("buy", "sell"):
            assert self.manifest["ads"][side] == len(self.side(side))
        assert sorted(self.alerts) == sorted(self.manifest["alerts"])
        named = {short["market"]: short["verdict"] for short in self.manifest["shortfalls"]}
        short = {m: v for m, v in self.verdicts.items() if v != "complete"}
        assert named == {f"{a}/{f} {s}": v for (f, a, s), v in short.items()}
        return True

    def _paths(self, pattern):
        return sorted(self.root.glob(pattern))

    def _rows(self, pattern):
        (path,) = self._paths(pattern)
        return pq.read_table(path, partitioning=None).to_pylist()

    @staticmethod
    def _lines(folder, pattern):
        return [
            json.loads(line)
            for path in sorted(folder.glob(pattern))
            for line in gzip.decompress(path.read_bytes()).splitlines()
        ]


@pytest.fixture(scope="session")
def census(tmp_path_factory):
    """Take a census of an exchange: -a arguments by name, P2P_ settings in capitals without it."""

    def take(exchange, *, folder=None, **given):
        folder = folder or tmp_path_factory.mktemp("census") / "data"
        settings = {"BASE_URL": exchange.url, "DATA_DIR": folder, "REQUESTS_PER_MINUTE": 100_000}
        settings |= {name: value for name, value in given.items() if name.isupper()}
        arguments = {name: value for name, value in given.items() if name.islower()}
        sample = arguments.keys() & {"pay_types", "publisher_type", "max_pages"}
        command = [sys.executable, "-m", "scrapy", "crawl", "binance_p2p"]
        command += [part for n, v in settings.items() for part in ("-s", f"P2P_{n}={v}")]
        command += [part for n, v in arguments.items() for part in ("-a", f"{n}={v}")]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("P2P_")}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=clean,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        return Crawl(done.returncode, done.stderr, folder, "samples" if sample else "raw")

    return take


@pytest.fixture(scope="session")
def captures():
    """Recordings of the real service, which lie beside the project and not in it."""
    if not CAPTURES.is_dir():
        pytest.skip("no recordings: ../shared/captures is absent")
    return CAPTURES


@pytest.fixture(scope="module")
def open_exchange():
    """Opens exchanges that close with the module."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda clock=None, **options: stack.enter_context(
            running_exchange(ExchangeOptions(**options), clock=clock)
        )
