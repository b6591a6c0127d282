import json

import pyarrow.parquet as pq
import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange


@pytest.fixture
def small_exchange():
    """Eight markets, 400 ads, some books of several pages."""
    with running_exchange(ExchangeOptions(markets=8, ads=400)) as exchange:
        yield exchange


@pytest.fixture
def slow_exchange():
    """The same, with a round trip that leaves time to interfere."""
    with running_exchange(ExchangeOptions(markets=8, ads=400, latency=0.15)) as exchange:
        yield exchange


@pytest.fixture
def crawl_of():
    """The arguments of a census of an exchange, without a budget to wait for."""

    def arguments(exchange, *more):
        base = ["-s", f"P2P_BASE_URL={exchange.url}", "-s", "P2P_REQUESTS_PER_MINUTE=100000"]
        return ["crawl", "binance_p2p", *base, *more]

    return arguments


class Lake:
    """What a run left in its data folder."""

    def __init__(self, folder):
        self.folder = folder

    def manifests(self):
        paths = sorted(self.folder.glob("raw/batches/**/batch_*.json"))
        return [json.loads(path.read_text()) for path in paths]

    def ads(self):
        paths = sorted(self.folder.glob("raw/*_ads/**/snapshot_*.parquet"))
        return [row for path in paths for row in pq.read_table(path).to_pylist()]

    def sweeps(self):
        paths = sorted(self.folder.glob("raw/sweeps/**/sweeps_*.parquet"))
        return [row for path in paths for row in pq.read_table(path).to_pylist()]

    def journals(self):
        return sorted(self.folder.glob("journal/.*"))

    def alerts(self):
        return {
            path.stem.split("_", 2)[2]: json.loads(path.read_text())
            for path in sorted(self.folder.glob("alerts/*.alert"))
        }

    def checkpoint(self):
        return json.loads((self.folder / "checkpoint.json").read_text())


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "data")
