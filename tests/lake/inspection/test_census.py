"""The figures of the report."""

import math

import pyarrow.parquet as pq
import pytest

from items import Pair, Side

USDT_VES = Pair("USDT", "VES")


@pytest.fixture
def census(lake, inspect):
    def take():
        (census,) = inspect(lake.data_dir).censuses.values()
        return census

    return take


def price(rank, value):
    """Set the price of one USDT/VES ad; rank None is the promoted one."""

    def change(rows):
        for row in rows:
            if (row["asset"], row["fiat"], row["rank"]) == ("USDT", "VES", rank):
                row["price"] = value

    return change


def test_sides_are_counted(lake, census):
    lake.batch(0)
    lake.batch(1)
    lake.snapshot(Side.SELL, 1, change=lambda rows: rows.__delitem__(slice(9, None)))
    sides = census().sides
    assert (sides[Side.BUY].snapshots, sides[Side.BUY].ads) == (2, 54)
    sell = sides[Side.SELL]
    assert (sell.ads, sell.fewest, sell.most, sell.last) == (36, 9, 27, 9)
    assert (len(sell.advertisers), len(sell.merchants)) == (7, 3)


def test_prices_have_a_range_and_a_median(lake, census):
    lake.snapshot(Side.SELL, 0, change=price(8, 400.0))
    lake.snapshot(Side.SELL, 1, change=price(1, 250.0))
    market = census().pairs[USDT_VES].markets[Side.SELL]
    assert (market.snapshots, market.ads, market.low, market.high) == (2, 18, 250.0, 400.0)
    # 250.0, 303.6 to 305.4 in steps of 0.3, and the promoted one of 332.7
    assert (market.last.ads, market.last.natural) == (9, 8)
    assert market.last.median == pytest.approx(304.5)
    assert market.last.best == 250.0


def test_an_even_number_of_prices_has_its_median_between_two(lake, census):
    lake.snapshot(change=lambda rows: rows.pop())
    assert census().pairs[USDT_VES].markets[Side.SELL].last.median == pytest.approx(304.35)


def test_the_spread_is_best_ask_less_best_bid(lake, census):
    lake.batch(0)
    spread = census().pairs[USDT_VES].spread
    assert spread.last == pytest.approx(303.3 - 296.7)
    assert (spread.snapshots, spread.negative) == (1, 0)


def test_a_negative_spread_is_counted(lake, census):
    lake.batch(0)
    lake.snapshot(Side.BUY, 1, change=price(2, 310.0))
    lake.snapshot(Side.SELL, 1)
    spread = census().pairs[USDT_VES].spread
    assert spread.last == spread.lowest == pytest.approx(303.3 - 310.0)
    assert spread.highest == pytest.approx(6.6)
    assert (spread.snapshots, spread.negative) == (2, 1)


def test_ads_without_a_rank_take_no_part_in_best_prices(lake, census):
    lake.snapshot(Side.BUY, change=price(None, 900.0))
    lake.snapshot(Side.SELL, change=price(None, 1.0))
    pair = census().pairs[USDT_VES]
    assert pair.spread.last == pytest.approx(6.6)
    assert pair.markets[Side.BUY].high == 900.0


def test_sides_of_different_batches_have_no_spread(lake, census):
    lake.snapshot(Side.BUY, 0)
    lake.snapshot(Side.SELL, 1)
    assert census().pairs[USDT_VES].spread.last is None


def test_a_price_that_is_none_or_no_number_counts_as_an_ad_only(lake, census):
    def change(rows):
        price(1, None)(rows)
        price(2, math.nan)(rows)

    lake.snapshot(change=change)
    market = census().pairs[USDT_VES].markets[Side.SELL]
    assert (market.last.ads, market.last.natural) == (9, 8)
    assert market.last.best == pytest.approx(303.9)
    assert market.high == pytest.approx(332.7)


def test_a_market_without_any_price_has_no_range(lake, census):
    def change(rows):
        for row in rows:
            row["price"] = None

    lake.snapshot(change=change)
    market = census().pairs[USDT_VES].markets[Side.SELL]
    assert (market.low, market.high, market.last.median, market.last.best) == (None,) * 4


def test_payment_methods_are_counted_without_nulls(lake, census):
    lake.snapshot()
    assert census().methods == {"BANESCO": 15, "PagoMovil": 12}


def test_a_column_that_is_missing_leaves_only_its_own_figures_out(lake, inspect):
    path = lake.snapshot()
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.drop_columns(["price", "payment_methods"]), path)
    (census,) = inspect(path).censuses.values()
    assert census.pairs == {}
    assert census.methods == {}
    assert len(census.sides[Side.SELL].advertisers) == 7
    pq.write_table(table.drop_columns(["advertiser_no", "trade_type", "fetched_at"]), path)
    (census,) = inspect(path).censuses.values()
    assert census.sides[Side.SELL].advertisers == set()
    assert census.methods


def test_each_lake_has_its_own_figures(lake, inspect):
    lake.snapshot()
    sample = lake.data_dir / "samples"
    (lake.data_dir / "raw").rename(sample)
    lake.snapshot()
    assert set(inspect(lake.data_dir).censuses) == {lake.data_dir / "raw", sample}
