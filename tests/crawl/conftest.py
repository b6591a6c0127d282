"""Takes censuses of exchanges, each in a process of its own, and reads what they left on disk."""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange

pytest.register_assert_rewrite("tests.crawl.recordings")

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT.parent / "shared/captures/p2p"
LIMIT_SECONDS = 110
"""A crawl that hangs fails its test instead of stopping the whole run."""
OF_A_SAMPLE = {"pay_types", "publisher_type", "max_pages"}


class Crawl:
    """One finished crawl and what it left; ``root`` is raw/, or samples/ for a sample.

    Markets are (fiat, asset, side) throughout, the side being the advertiser's.
    """

    def __init__(self, code, log, folder, root, stamp):
        self.code = code
        self.log = log
        self.folder = folder
        self.root = root
        self.stamp = stamp

    @cached_property
    def manifest(self):
        (path,) = self.root.glob(f"batches/**/batch_{self.stamp}.json")
        return json.loads(path.read_text("utf-8"))

    @property
    def started_at(self):
        return datetime.fromisoformat(self.manifest["started_at"])

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
    def verdicts(self):
        return {market: row["verdict"] for market, row in self.ledger.items()}

    @cached_property
    def rejected(self):
        below = "samples/rejected" if self.root.name == "samples" else "rejected"
        return self._lines(self.folder / below, f"**/rejected_{self.stamp}.jsonl.gz")

    @cached_property
    def responses(self):
        return self._lines(self.root, f"responses/**/responses_{self.stamp}.jsonl.gz")

    @cached_property
    def pages(self):
        """The responses that are pages of books and could be read."""
        return [each for each in self.responses if each["market"] and each["status"] == 200]

    @cached_property
    def alerts(self):
        prefix = f"{self.stamp}_"
        return {
            path.stem.removeprefix(prefix): json.loads(path.read_text("utf-8"))
            for path in sorted((self.folder / "alerts").glob(f"{prefix}*.alert"))
        }

    @property
    def checkpoint(self):
        return json.loads((self.folder / "checkpoint.json").read_text("utf-8"))

    def is_accounted_for(self):
        """Nothing crashed, and what was received, kept, refused and told adds up."""
        assert "Traceback" not in self.log, self.log
        assert "Unhandled" not in self.log, self.log
        refusals = Counter((each["fiat"], each["asset"], each["side"]) for each in self.rejected)
        for market, row in self.ledger.items():
            self._adds_up(row, self.ads_of[market])
            assert row["refused"] == refusals[market], row
            assert (row["verdict"] == "complete") == (row["error"] is None), row
            assert row["batch_id"] == self.manifest["batch_id"]
        assert self.ads_of.keys() <= self.ledger.keys()
        self._is_told_by_the_manifest()
        return True

    @staticmethod
    def _adds_up(row, book):
        assert row["rows"] == row["unique"] + row["duplicates"] + row["promoted"], row
        alone = sum(ad["rank"] is None for ad in book)
        merged = sum(ad["is_promoted"] and ad["rank"] is not None for ad in book)
        # What is neither in the snapshot nor refused came twice, or is the promoted row of an ad
        # that stands in the book: a row there, or a refused one.
        left = row["rows"] - len(book) - row["refused"] - merged
        assert 0 <= left <= row["duplicates"] + row["promoted"] - alone - merged, row
        if not row["refused"]:
            assert left == row["duplicates"], row
            assert alone + merged == row["promoted"], row

    def _is_told_by_the_manifest(self):
        manifest = self.manifest
        assert Counter(each["reason"] for each in self.rejected) == manifest["refused"]
        told = {verdict: manifest[verdict] for verdict in ("complete", "partial", "failed")}
        assert told == dict.fromkeys(told, 0) | Counter(self.verdicts.values())
        kept = {side: len(self.side(side)) for side in ("buy", "sell")}
        assert manifest["ads"] == kept
        assert sorted(self.alerts) == sorted(manifest["alerts"])
        short = {market: v for market, v in self.verdicts.items() if v != "complete"}
        named = {each["market"]: each["verdict"] for each in manifest["shortfalls"]}
        assert named == {f"{asset}/{fiat} {side}": v for (fiat, asset, side), v in short.items()}
        code = {"completed": 0, "failed": 1, "partial": 3}[manifest["status"]]
        assert self.code == code

    def _rows(self, pattern):
        (path,) = self.root.glob(pattern)
        return pq.read_table(path, partitioning=None).to_pylist()

    @staticmethod
    def _lines(folder, pattern):
        return [
            json.loads(line)
            for path in sorted(folder.glob(pattern))
            for line in gzip.decompress(path.read_bytes()).splitlines()
        ]


def _manifests(root):
    return {path.stem.removeprefix("batch_") for path in root.glob("batches/**/batch_*.json")}


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory):
    """Names a data folder that is not there yet."""
    return lambda: tmp_path_factory.mktemp("census") / "data"


@pytest.fixture(scope="session")
def census(new_folder):
    """Take a census: arguments in small letters are -a ones, those in capitals P2P_ settings.

    ``width`` is how many questions are out at a time.
    """

    def take(exchange, folder=None, width=16, **given):
        folder = folder or new_folder()
        settings = {"BASE_URL": exchange.url, "DATA_DIR": folder, "REQUESTS_PER_MINUTE": 100_000}
        settings |= {name: value for name, value in given.items() if name.isupper()}
        arguments = {name: value for name, value in given.items() if name.islower()}
        root = folder / ("samples" if arguments.keys() & OF_A_SAMPLE else "raw")
        before = _manifests(root)
        command = [sys.executable, "-m", "scrapy", "crawl", "binance_p2p"]
        command += ["-s", f"CONCURRENT_REQUESTS={width}"]
        command += [part for n, v in settings.items() for part in ("-s", f"P2P_{n}={v}")]
        command += [part for n, v in arguments.items() for part in ("-a", f"{n}={v}")]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("P2P_")}
        clean["DATABASE_URL"] = "none"  # what is looked at here is the lake
        clean["COVERAGE_PROCESS_CONFIG"] = ""  # the same lines are measured in tests/life
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=clean,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        left = _manifests(root) - before
        assert len(left) == 1, done.stderr
        return Crawl(done.returncode, done.stderr, folder, root, *left)

    return take


@pytest.fixture(scope="module")
def open_exchange():
    """Opens exchanges that close with the module."""
    with ExitStack() as stack:
        yield lambda clock=None, **options: stack.enter_context(
            running_exchange(ExchangeOptions(**options), clock=clock)
        )


@pytest.fixture(scope="session")
def captures():
    """Recordings of the real service, which lie beside the project and not in it."""
    if not CAPTURES.is_dir():
        pytest.skip("no recordings: ../shared/captures is absent")
    return CAPTURES


@pytest.fixture(scope="module")
def replayed(open_exchange, captures):
    """Opens an exchange that answers from the recordings, each from the first moment on."""
    return lambda: open_exchange(replay=captures)
