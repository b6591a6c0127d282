"""``make demo``: starts the bundled exchange, takes a census of it, and shows what came of it."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.dataset as ds

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"
SCRAPY = [sys.executable, "-m", "scrapy"]
WORLD = ["--fiats", "VES,BOB,ARS,COP,BRL,EGP,TRY,VND", "--ads", "3000", "--latency-ms", "40"]


@contextmanager
def exchange() -> Iterator[str]:
    """The bundled exchange on a free port, as a process of its own."""
    command = [*SCRAPY, "simulate", "--port", "0", *WORLD]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
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
        "P2P_REQUESTS_PER_MINUTE": "6000",  # the bundled exchange does not mind
    }
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [*SCRAPY, "crawl", "binance_p2p", "-O", str(DEMO / "ads.csv"), *given]
    if not sys.stderr.isatty():  # where there is no progress bar either, the report below will do
        command += ["-L", "WARNING"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def count_of(url: str) -> set[str]:
    """Every ad that stands in a book of the exchange or is promoted, by its own account."""
    with urllib.request.urlopen(f"{url}/exchange/book") as answer:
        markets = json.load(answer)["markets"]
    return {ad for market in markets for ad in (*market["natural"], *market["promoted"])}


def lake() -> set[str]:
    """Every ad that the lake holds."""
    sides = [ds.dataset(DEMO / "data/raw" / f"{side}_ads") for side in ("buy", "sell")]
    return {ad for side in sides for ad in side.to_table(["adv_no"])["adv_no"].to_pylist()}


def main() -> int:
    """Show it; 0 where the lake holds exactly what the exchange has."""
    shutil.rmtree(DEMO, ignore_errors=True)
    with exchange() as url:
        code = census(url)
        there, here = count_of(url), lake()
    subprocess.run([*SCRAPY, "validate", str(DEMO / "data")], cwd=ROOT, check=False)
    print(f"\nThe exchange counts {len(there):,} different ads, the lake holds {len(here):,};")
    print("they are the same ads." if there == here else "THEY ARE NOT THE SAME ADS.")
    print(f"\n  {DEMO / 'data'}  the lake (try: scrapy validate demo/data)")
    print(f"  {DEMO / 'ads.csv'}  the same ads as CSV")
    return code or int(there != here)


if __name__ == "__main__":
    sys.exit(main())
