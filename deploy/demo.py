"""``make demo``: starts the bundled exchange, takes a census of it, and shows what came of it."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pyarrow.dataset as ds

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"
SCRAPY = [sys.executable, "-m", "scrapy"]
WORLD = ["--fiats", "VES,BOB,ARS,COP,BRL,EGP,TRY,VND", "--ads", "3000", "--latency-ms", "40"]


@contextmanager
def exchange() -> Iterator[str]:
    """The bundled exchange on a free port, as a process of its own."""
    command = [*SCRAPY, "simulate", "--port", "0", *WORLD]
    with subprocess.Popen(command, cwd=ROOT, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        print(line, end="")
        try:
            yield re.findall(r"http://[\d.:]+\d", line)[0]
        finally:
            process.terminate()


def census(url: str) -> int:
    """One batch, into the lake and a CSV; its exit code."""
    settings = {
        "P2P_BASE_URL": url,
        "P2P_DATA_DIR": str(DEMO / "data"),
        "DATABASE_URL": "",
        "P2P_REQUESTS_PER_MINUTE": "6000",  # the bundled exchange does not mind
    }
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [*SCRAPY, "crawl", "binance_p2p", "-O", str(DEMO / "ads.csv"), *given]
    if not sys.stderr.isatty():  # where there is no progress bar either, the report below will do
        command += ["-L", "WARNING"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("P2P_")}
    return subprocess.run(command, cwd=ROOT, env=own, check=False).returncode


def count_of(url: str) -> set[str]:
    """Every ad that stands in a book of the exchange or is promoted, by its own account."""
    with urllib.request.urlopen(f"{url}/exchange/book") as answer:
        markets = json.load(answer)["markets"]
    return {ad for market in markets for ad in (*market["natural"], *market["promoted"])}


def lake() -> set[str]:
    """Every ad that the lake holds."""
    sides = [ds.dataset(DEMO / "data/raw" / f"{side}_ads") for side in ("buy", "sell")]
    return {ad for side in sides for ad in side.to_table(["adv_no"])["adv_no"].to_pylist()}


def warehouse() -> set[str]:
    """Every ad that stands in the books of the warehouse."""
    ask = "COPY (SELECT offer_external_id FROM mv_latest_market_state) TO STDOUT"
    command = [*SCRAPY, "sql", "-c", ask, "-s", f"P2P_DATA_DIR={DEMO / 'data'}"]
    command += ["-s", "DATABASE_URL="]
    return set(subprocess.run(command, cwd=ROOT, check=True, stdout=PIPE, text=True).stdout.split())


def main() -> int:
    """Show it; 0 where lake and warehouse hold exactly what the exchange has."""
    shutil.rmtree(DEMO, ignore_errors=True)
    with exchange() as url:
        code = census(url)
        there = count_of(url)
    here, stored = lake(), warehouse()
    subprocess.run([*SCRAPY, "validate", str(DEMO / "data")], cwd=ROOT, check=False)
    is_same = there == here == stored
    counts = f"the lake holds {len(here):,}, the warehouse {len(stored):,};"
    print(f"\nThe exchange counts {len(there):,} different ads, {counts}")
    print("they are the same ads." if is_same else "THEY ARE NOT THE SAME ADS.")
    print(f"\n  {DEMO / 'data'}  the lake (try: scrapy validate demo/data)")
    print(f"  {DEMO / 'data/postgres'}  the warehouse (try: scrapy sql -s P2P_DATA_DIR=demo/data)")
    print(f"  {DEMO / 'ads.csv'}  the same ads as CSV")
    return code or int(not is_same)


if __name__ == "__main__":
    sys.exit(main())
