"""Whole runs of ``scrapy crawl binance_futures_history`` against the bundled archive."""

import pandas as pd
import pyarrow.parquet as pq

from tests.futures.archive.runs import options
from tests.futures.archive.truth import as_meant, as_written, truth

AUGUST = ["BTCUSDT-aggTrades-2026-08-30", "BTCUSDT-aggTrades-2026-08-31"]
OCTOBER = [f"BTCUSDT-aggTrades-2026-10-0{day}" for day in (1, 2, 3)]
FILES = [*AUGUST, "BTCUSDT-aggTrades-2026-09", *OCTOBER]


def requests_of(exchange):
    """How often each zip was asked for, since the last time this was asked."""
    asked, _ = exchange.archive_requests()
    return {key.rpartition("/")[2]: n for key, n in asked.items() if key.endswith(".zip")}


def test_everything_once_and_then_only_what_is_missing(open_archive, history, lake):
    exchange = open_archive()
    code, log = history(exchange, datasets="aggTrades,klines")
    assert code == 0, log
    klines = [stem.replace("aggTrades", "1m") for stem in FILES]
    assert lake.stems == sorted([*FILES, *klines])
    for stem in FILES:
        assert as_written(lake.rows(stem)) == as_meant(stem)
    assert len(lake.rows("BTCUSDT-1m-2026-09")) == 30 * 1440
    assert not lake.gaps()
    assert not lake.leftovers()
    source, found = lake.told("BTCUSDT-aggTrades-2026-09")
    assert source["url"].endswith("/monthly/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2026-09.zip")
    assert (len(source["sha256"]), found["rows"], found["faults"]) == (64, 3600, [])
    before = requests_of(exchange)
    assert set(before.values()) == {1}

    code, log = history(exchange, datasets="aggTrades,klines")
    assert code == 0, log
    assert "12 files were here" in log
    assert requests_of(exchange) == before

    lake.path(OCTOBER[1]).unlink()
    exchange.adjust(archive=options(faults=(f"replaced-file@{AUGUST[0]}",)))
    code, log = history(exchange, datasets="aggTrades,klines")
    assert code == 0, log
    after = requests_of(exchange)
    again = {name.removesuffix(".zip") for name in after if after[name] != before[name]}
    assert again == {OCTOBER[1], AUGUST[0]}
    sides = [row["is_buyer_maker"] for row in lake.rows(AUGUST[0])]
    assert sides == [cells[6] != "true" for cells in truth(AUGUST[0])]


def test_the_folder_reads_as_one_table(open_archive, history, lake):
    code, log = history(open_archive())
    assert code == 0, log
    folder = lake.folder / "raw/futures/aggTrades"
    assert pq.read_table(folder).num_rows == 35 * 120
    frame = pd.read_parquet(folder).sort_values("agg_trade_id")
    assert set(frame.symbol) == {"BTCUSDT"}
    assert (frame.agg_trade_id.diff().dropna() == 1).all()
    assert set(frame.month) == {8, 9, 10}
