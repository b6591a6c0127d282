"""The sample queries of docs/warehouse.md, as written, here and on a plain table of snapshots."""

import random
from datetime import UTC, datetime, timedelta
from statistics import mean, stdev

import pytest
from psycopg2.extras import execute_values

from tests.warehouse.replay.content import Reader
from tests.warehouse.replay.plain.replay import Replay
from tests.warehouse.replay.simulated.exchange import Exchange
from tests.warehouse.replay.simulated.histories import run

QUESTIONS = {
    "Q1": """
SELECT trade_type, MIN(price) AS best_price, SUM(available_amount) AS total_liquidity
FROM mv_latest_market_state WHERE fiat_code = 'VES' AND crypto_symbol = 'USDT' GROUP BY trade_type;
""",
    "Q2": """
SELECT advertiser, SUM(available_amount) AS total_volume,
       AVG(completion_rate) AS avg_completion_rate,
       COUNT(DISTINCT offer_external_id) AS offer_count
FROM fact_offers fo JOIN dim_advertisers da ON fo.advertiser_sk = da.advertiser_sk
WHERE extraction_timestamp > NOW() - INTERVAL '24 hours' AND da.is_merchant = TRUE
GROUP BY advertiser ORDER BY total_volume DESC LIMIT 10;
""",
    "Q3": """
SELECT dpm.method_name, STDDEV(fo.price) AS price_volatility, AVG(fo.price) AS avg_price
FROM fact_offers fo
JOIN fact_offer_payment_methods fopm ON fo.offer_id = fopm.offer_id
JOIN dim_payment_methods dpm ON fopm.payment_method_id = dpm.payment_method_id
WHERE fo.fiat_id = (SELECT fiat_id FROM dim_fiat_currencies WHERE currency_code = 'VES')
  AND fo.crypto_id = (SELECT crypto_id FROM dim_cryptocurrencies WHERE symbol = 'USDT')
  AND fo.extraction_timestamp > NOW() - INTERVAL '24 hours'
GROUP BY dpm.method_name ORDER BY price_volatility DESC;
""",
}
PLAIN = """
CREATE SCHEMA plain;
CREATE TABLE plain.dim_cryptocurrencies (crypto_id int GENERATED ALWAYS AS IDENTITY, symbol text);
CREATE TABLE plain.dim_fiat_currencies (
    fiat_id int GENERATED ALWAYS AS IDENTITY, currency_code text);
CREATE TABLE plain.dim_payment_methods (
    payment_method_id int GENERATED ALWAYS AS IDENTITY, method_code text, method_name text);
CREATE TABLE plain.dim_advertisers (advertiser_sk int, is_merchant boolean);
CREATE TABLE plain.fact_offers (
    offer_id bigint, offer_external_id text, extraction_timestamp timestamptz, crypto_id int,
    fiat_id int, advertiser_sk int, advertiser text, trade_type text, price numeric,
    available_amount numeric, completion_rate numeric);
CREATE TABLE plain.fact_offer_payment_methods (offer_id bigint, payment_method_id int);
CREATE TABLE plain.mv_latest_market_state (
    crypto_symbol text, fiat_code text, trade_type text, price numeric, available_amount numeric);
"""
DAY = timedelta(hours=24)
MERCHANTS = """
SELECT advertiser_id, crypto_symbol, trade_type, observed_volume::float8, mean_volume::float8,
       completion_rate, offer_count, observations
FROM merchant_volume(%s, %s)
"""
METHODS = """
SELECT method_name, trade_type, avg_price::float8, price_volatility::float8, min_price, max_price,
       offer_count, observations
FROM method_prices('ves', 'usdt', %s, %s)
"""
EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def recent_lake(tmp_path_factory):
    """30 hours, the last batch of which has just ended."""
    data_dir = tmp_path_factory.mktemp("recent")
    exchange = Exchange(random.Random(5), fiats=("VES", "BOB"), most=40, people=14)
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30, minutes=7)
    run(exchange, data_dir, first, 16, timedelta(hours=2))
    return data_dir


@pytest.fixture(scope="module")
def replay(recent_lake):
    return Replay(recent_lake)


@pytest.fixture(scope="module")
def reader(recent_lake, replay, new_warehouse, loading_of):
    """A new connection to a database that holds the warehouse, and in ``plain`` the snapshots."""
    dsn = new_warehouse()
    with loading_of(dsn, recent_lake) as warehouse:
        assert len(warehouse.catch_up().loaded) == 16
    with Reader(dsn) as first:
        assert any(moment < first.run("SELECT now()")[0][0] - DAY for moment in replay.moments())
        first.run(PLAIN)
        fill(first, replay)
    with Reader(dsn) as new:
        yield new


def fill(reader, replay):
    """Put down every observation with its methods, as a plain collector would."""

    def put(table, columns, rows):
        with reader._connection.cursor() as cursor:
            execute_values(cursor, f"INSERT INTO plain.{table} ({columns}) VALUES %s", rows)

    def numbers(table, key, number):
        return dict(reader.run(f"SELECT {key}, {number} FROM plain.{table}"))

    observed = [(sweep, ad) for sweep in replay.every_sweep() for ad in sweep.seen]
    codes = {code for _, ad in observed for code in ad.codes}
    put("dim_cryptocurrencies", "symbol", {(market.asset,) for market in replay.sweeps})
    put("dim_fiat_currencies", "currency_code", {(market.fiat,) for market in replay.sweeps})
    put(
        "dim_payment_methods", "method_code, method_name", [(code, f"the {code}") for code in codes]
    )
    assets = numbers("dim_cryptocurrencies", "symbol", "crypto_id")
    fiats = numbers("dim_fiat_currencies", "currency_code", "fiat_id")
    methods = numbers("dim_payment_methods", "method_code", "payment_method_id")
    facts, links, people = [], [], []
    for number, (sweep, ad) in enumerate(observed):
        stats = replay.people[ad.values.advertiser].stats_at(sweep.swept_at)
        people.append((number, ad.who.is_merchant))
        links += [(number, methods[code]) for code in set(ad.codes)]
        asset, fiat, side = sweep.market
        keys = number, ad.adv_no, sweep.swept_at, assets[asset], fiats[fiat], number
        facts.append(
            (*keys, ad.who.nickname, side, ad.values.price, ad.values.surplus, stats.finished)
        )
    put("dim_advertisers", "advertiser_sk, is_merchant", people)
    put("fact_offer_payment_methods", "offer_id, payment_method_id", links)
    columns = (
        "offer_id, offer_external_id, extraction_timestamp, crypto_id, fiat_id, advertiser_sk,"
    )
    more = "advertiser, trade_type, price, available_amount, completion_rate"
    put("fact_offers", f"{columns} {more}", facts)
    now = [
        (*market, ad.values.price, ad.values.surplus)
        for market, sweeps in replay.sweeps.items()
        for ad in sweeps[-1].book.values()
    ]
    columns = "crypto_symbol, fiat_code, trade_type, price, available_amount"
    put("mv_latest_market_state", columns, now)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_sample_queries_answer_as_on_a_table_of_snapshots(reader, name):
    here = reader.run(QUESTIONS[name])
    reader.run("SET search_path = plain")
    there = reader.run(QUESTIONS[name])
    reader.run("RESET search_path")
    assert here == there
    assert len(here) >= (2 if name == "Q1" else 8)


@pytest.fixture(scope="module")
def windows(replay):
    """A day, an hour and a half in the middle, a moment of one sweep, and all time."""
    moments = sorted(replay.moments())
    middle = moments[len(moments) // 2]
    return [
        (moments[-1] - DAY, moments[-1]),
        (middle - timedelta(minutes=40), middle + timedelta(minutes=50)),
        (middle, middle + timedelta(microseconds=1)),
        EVER,
    ]


def observed(replay, since, until):
    """The observations of a window, each with its market and how often that was swept in it."""
    for market, every in replay.sweeps.items():
        sweeps = [sweep for sweep in every if since <= sweep.swept_at < until]
        for sweep in sweeps:
            for ad in sweep.seen:
                yield market, len(sweeps), sweep, ad


def added_up(volumes):
    """The sum of shares of volumes, as SQL adds up what may be null."""
    known = [volume / times for volume, times in volumes if volume is not None]
    return pytest.approx(float(sum(known))) if known else None


def test_merchants_volumes_are_what_the_snapshots_add_up_to(reader, replay, windows):
    for since, until in windows:
        there = {}
        for market, times, _, ad in observed(replay, since, until):
            if ad.who.is_merchant:
                key = ad.values.advertiser, market.asset, market.side
                there.setdefault(key, []).append((market, times, ad))
        wanted = {
            key: (
                added_up([(ad.values.surplus, 1) for _, _, ad in looks]),
                added_up([(ad.values.surplus, times) for _, times, ad in looks]),
                replay.people[key[0]].stats_at(until - timedelta(microseconds=1)).finished,
                len({(market, ad.adv_no) for market, _, ad in looks}),
                len(looks),
            )
            for key, looks in there.items()
        }
        here = ask(reader, MERCHANTS, since, until)
        assert {tuple(row[:3]): tuple(row[3:]) for row in here} == wanted
        assert len(here) == len(wanted) >= 1


def test_what_methods_cost_is_what_the_snapshots_say(reader, replay, windows):
    for since, until in windows:
        there = {}
        for market, _, _, ad in observed(replay, since, until):
            for code in set(ad.codes) if market[:2] == ("USDT", "VES") else ():
                there.setdefault((f"the {code}", market.side), []).append(ad)
        wanted = {
            key: (
                pytest.approx(float(mean(ad.values.price for ad in ads))),
                pytest.approx(float(stdev(ad.values.price for ad in ads)), abs=1e-6)
                if len(ads) > 1
                else None,
                min(ad.values.price for ad in ads),
                max(ad.values.price for ad in ads),
                len({ad.adv_no for ad in ads}),
                len(ads),
            )
            for key, ads in there.items()
        }
        here = ask(reader, METHODS, since, until)
        assert {tuple(row[:2]): tuple(row[2:]) for row in here} == wanted


def ask(reader, question, since, until):
    """Ask it of a window, of all time as PostgreSQL writes that."""
    ends = ("-infinity", "infinity") if (since, until) == EVER else (since, until)
    return reader.run(question, *ends)
