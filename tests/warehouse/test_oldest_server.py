"""The SQL runs on the oldest PostgreSQL that is promised, where the system has it."""

import psycopg2
import pytest

from p2p_scrapy.warehouse.embedded import EmbeddedServer, binaries
from p2p_scrapy.warehouse.loader import loader

VIEWS = "SELECT table_name FROM information_schema.views WHERE table_schema = 'market'"


@pytest.fixture
def oldest(open_folder, monkeypatch):
    folder = binaries.SYSTEM / str(binaries.OLDEST) / "bin"
    if not (folder / "postgres").exists():
        pytest.skip(f"this system has no PostgreSQL {binaries.OLDEST}")
    monkeypatch.setattr(binaries, "wheel_folder", lambda: None)
    with EmbeddedServer(open_folder / "data") as server:
        yield server.dsn


def test_the_whole_way(oldest, tmp_path, thresholds, make_batch, ad, sweep, refusal, at):
    make_batch(at(), [ad("1"), ad("2", "USDT/VES BUY"), ad("3")])
    make_batch(at(10), [ad("1", price=60.0)], [sweep(verdict="partial")], [refusal("3")])
    make_batch(at(20), [ad("1", price=61.0), ad("4", advertiser_name="Eva")])
    with loader(oldest, tmp_path / "data", thresholds) as warehouse:
        outcome = warehouse.catch_up()
        assert len(outcome.loaded) == 3
        assert outcome.damaged == []
    with psycopg2.connect(oldest) as connection, connection.cursor() as cursor:
        assert connection.server_version // 10_000 == binaries.OLDEST
        cursor.execute(VIEWS)
        for (view,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM market.{view}")
        for call in ("merchant_volume(%s, %s)", "method_prices('VES', 'USDT', %s, %s)"):
            cursor.execute(f"SELECT * FROM market.{call}", (at(-60), at(60)))
        cursor.execute("SELECT count(*) FROM market.offers_as_of(%s)", (at(15),))
        assert cursor.fetchone() == (2,)
