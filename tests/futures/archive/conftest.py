"""Archives of the bundled exchange, and runs of the history, each in a process of its own."""

import os
import zipfile
from contextlib import ExitStack

import pyarrow.parquet as pq
import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.futures.archive.conversion import Conversion
from p2p_scrapy.futures.archive.series import ArchiveFile, Period, Series
from p2p_scrapy.futures.archive.writing import Source
from tests.futures.archive.runs import Lake, options, run_history

TRADES = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker"
BEGIN = 1_788_220_800_000
"""2026-09-01, in milliseconds."""


@pytest.fixture(scope="module")
def open_archive():
    """Opens archives of five weeks that close with the module."""
    with ExitStack() as stack:

        def opened(**changes):
            exchange = ExchangeOptions(ads=1, markets=1, archive=options(**changes))
            return stack.enter_context(running_exchange(exchange))

        yield opened


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "data")


@pytest.fixture(scope="session")
def surroundings():
    clean = {name: value for name, value in os.environ.items() if not name.startswith("P2P_")}
    return {**clean, "DATABASE_URL": "none"}


@pytest.fixture
def history(lake, surroundings):
    """Run the history to its end: exit code and log."""
    return lambda exchange, **given: run_history(exchange, lake.folder, surroundings, **given)


@pytest.fixture
def convert(tmp_path):
    """Convert CSV lines as a file of the archive; what was found, and the rows."""

    def converted(lines, stem="BTCUSDT-aggTrades-2026-09-01", *, header=TRADES):
        symbol, kind, period = stem.split("-", 2)
        series = Series(kind, symbol) if kind == "aggTrades" else Series("klines", symbol, kind)
        path, target = tmp_path / f"{stem}.zip", tmp_path / f"{stem}.parquet"
        text = "".join(f"{line}\n" for line in ([header] if header else []) + list(lines))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{stem}.csv", text)
        source = Source("http://somewhere", "0" * 64, path.stat().st_size, None)
        file = ArchiveFile(series, Period.parse(period))
        found = Conversion(path, source, file, target, tmp_path).run()
        return found, pq.read_table(target, partitioning=None).to_pylist()

    return converted


@pytest.fixture
def trade():
    """A line of aggTrades of 2026-09-01; id n is made of one trade."""

    def line(number, *, price="77000.1", quantity="0.2", trade=None, time=None, side="true"):
        first = 1000 + number if trade is None else trade
        at = BEGIN + number if time is None else time
        return f"{number},{price},{quantity},{first},{first},{at},{side}"

    return line
