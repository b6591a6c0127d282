"""50 batches, loaded one by one, against a replay of the lake's files in plain Python."""

import random
from datetime import timedelta

import pytest

from p2p_scrapy.warehouse.lake_batch import closed_batches
from p2p_scrapy.warehouse.period import Period
from tests.warehouse.replay.content import BOOK, Reader, content
from tests.warehouse.replay.plain.alike import alike
from tests.warehouse.replay.plain.replay import Replay

A_MOMENT = timedelta(microseconds=1)


def in_order(rows):
    return sorted(rows, key=repr)


def same_rows(found, expected):
    """Equal row for row; figures that are means or deviations to nine digits."""
    found, expected = in_order(found), in_order(expected)
    assert len(found) == len(expected)
    unlike = [pair for pair in zip(found, expected, strict=True) if not alike(*pair)]
    assert unlike == []


@pytest.fixture(scope="module")
def replay(long_lake):
    return Replay(long_lake)


@pytest.fixture(scope="module")
def asked(long_lake, replay, new_warehouse, loading_of):
    """A warehouse, loaded batch by batch, and what it said of each moment when it knew no more."""
    dsn, rng, asked = new_warehouse(), random.Random(1), {}
    with loading_of(dsn, long_lake) as warehouse, Reader(dsn) as reader:
        batches = closed_batches(long_lake)
        for batch in batches:
            outcome = warehouse.catch_up(Period(end=batch.started_at + A_MOMENT))
            assert [each.started_at for each in outcome.loaded] == [batch.started_at]
            assert (outcome.damaged, outcome.left) == ([], [])
            record = batch.record
            length = record.ended_at - record.started_at
            known = [moment for moment in replay.moments() if moment <= record.ended_at]
            moments = [
                record.ended_at,
                record.started_at + rng.random() * length,
                rng.choice(known),  # a sweep's own moment, and the last one before it
                rng.choice(known) - A_MOMENT,
            ]
            asked |= {each: reader.ask(f"{BOOK} offers_as_of(%s)", each) for each in moments}
    return dsn, asked


@pytest.fixture(scope="module")
def ask(asked):
    with Reader(asked[0]) as reader:
        yield reader.ask


def test_the_book_at_any_moment_is_what_the_files_say(asked, replay):
    _, answers = asked
    assert len(answers) >= 190
    assert max(map(len, answers.values())) > 200
    for moment, rows in answers.items():
        assert rows == in_order(replay.book_at(moment, moment)), moment


def test_what_was_said_once_is_said_for_ever(asked, ask):
    for moment, rows in asked[1].items():
        assert ask(f"{BOOK} offers_as_of(%s)", moment) == rows, moment


def test_before_all_sweeps_there_is_no_book(ask, replay):
    assert ask(f"{BOOK} offers_as_of(%s)", replay.moments()[0] - A_MOMENT) == []


def test_the_book_now_is_the_last_one(ask, replay):
    now = ask("SELECT now()")[0][0]
    last = replay.moments()[-1]
    assert ask(f"{BOOK} mv_latest_market_state") == in_order(replay.book_at(last, now))


def test_observations_are_what_each_sweep_saw(ask, replay):
    found = ask(
        "SELECT o.offer_external_id, o.batch_id::text, o.extraction_timestamp, c.symbol,"
        " f.currency_code, o.trade_type, a.advertiser_id, o.advertiser, o.price,"
        " o.available_amount, o.min_limit, o.max_limit, o.tradable_quantity, o.completion_rate,"
        " o.total_orders_count, o.positive_rate, o.is_ranked, o.price_type, o.classify,"
        " o.pay_time_limit_minutes, o.commission_rate, o.taker_kyc_required,"
        " coalesce(m.codes, '{}'), coalesce(m.main, '{}'), o.valid_from"
        " FROM fact_offers o"
        " JOIN dim_cryptocurrencies c USING (crypto_id) JOIN dim_fiat_currencies f USING (fiat_id)"
        " JOIN dim_advertisers a USING (advertiser_sk)"
        " LEFT JOIN (SELECT offer_id, array_agg(method_code ORDER BY method_code) AS codes,"
        "  array_agg(method_code) FILTER (WHERE is_primary) AS main"
        "  FROM fact_offer_payment_methods JOIN dim_payment_methods USING (payment_method_id)"
        "  GROUP BY offer_id) m USING (offer_id)",
    )
    assert len(found) > 8000
    assert found == in_order(replay.observations())


def test_a_version_is_stored_when_an_ad_changed_and_only_then(ask, replay):
    found = ask(
        "SELECT crypto_symbol, fiat_code, trade_type, offer_external_id, valid_from,"
        " nullif(valid_to, 'infinity'), advertiser, is_merchant, price, available_amount,"
        " min_limit, max_limit, tradable_quantity, is_ranked, payment_methods, price_type,"
        " classify, pay_time_limit_minutes, commission_rate, taker_kyc_required"
        " FROM offer_versions",
    )
    assert found == in_order(replay.stored_versions())


def test_people_are_who_they_were_seen_to_be(ask, replay):
    found = ask(
        "SELECT advertiser_id, effective_date, nullif(expiration_date, 'infinity'), nickname,"
        " advertiser_type, is_merchant, user_grade, user_identity, badges, vip_level"
        " FROM dim_advertisers",
    )
    assert len(found) > 50
    assert found == in_order(replay.who_rows())
    current = ask("SELECT count(*) FROM dim_advertisers WHERE is_current")
    assert current == [(len(replay.people),)]


def test_statistics_are_kept_when_they_change_and_once_a_day(ask, replay):
    found = ask(
        "SELECT advertiser_id, changed_at, month_order_count, month_finish_rate, positive_rate"
        " FROM advertiser_statistics",
    )
    assert len(found) > 200
    assert found == in_order(replay.stats_rows())


def test_depth_is_counted_over_what_each_sweep_saw(ask, replay):
    found = ask(
        "SELECT batch_id::text, extraction_timestamp, symbol, currency_code, trade_type,"
        " total_offers_count, total_available_volume, weighted_avg_price, min_price, max_price,"
        " price_std_dev, top10_total_volume, top10_avg_price, best_bid, best_ask, spread_absolute,"
        " spread_percentage FROM fact_market_depth JOIN dim_cryptocurrencies USING (crypto_id)"
        " JOIN dim_fiat_currencies USING (fiat_id)",
    )
    same_rows(found, replay.depth())


def test_best_prices_are_the_books_own(ask, replay):
    found = ask(
        "SELECT crypto_symbol, fiat_code, best_bid, best_ask, spread_absolute, spread_percentage,"
        " best_bid_offer, best_ask_offer, best_bid_advertiser, best_ask_advertiser,"
        " best_bid_amount, best_ask_amount, bid_offers, ask_offers, bid_volume, ask_volume"
        " FROM v_best_prices",
    )
    same_rows(found, replay.best_prices())


def test_price_history_counts_every_ad_of_a_minute(ask, replay):
    found = ask(
        "SELECT crypto_symbol, fiat_code, trade_type, time_bucket, avg_price, min_price, max_price,"
        " price_volatility, total_volume, offer_count FROM v_price_history",
    )
    same_rows(found, replay.price_history())


def test_what_is_stored_is_whole(asked):
    content(asked[0])
