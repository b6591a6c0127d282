"""An odd ad, or an odd file, never keeps the batches behind it out."""

import random
import string

import pytest

from p2p_scrapy.warehouse.loader import loader
from p2p_scrapy.warehouse.period import EVER
from tests.warehouse.parts import ad as plain_ad

ENDLESS = "".join(random.Random(1).choices(string.ascii_letters, k=6000))
UNSTORABLE = {
    "an ad that comes twice": [plain_ad("1"), plain_ad("1")],
    "a text too long for an index": [plain_ad("1", payment_method_ids=[ENDLESS])],
}


@pytest.fixture
def catch_up(database, tmp_path, thresholds):
    def run():
        with loader(database, tmp_path / "data", thresholds) as warehouse:
            return warehouse.catch_up()

    return run


def test_a_zero_byte_is_replaced(catch_up, make_batch, ad, at, query):
    odd = ad("1", advertiser_name="A\0na", payment_method_names=["B\0ank"])
    make_batch(at(), [odd])
    assert len(catch_up().loaded) == 1
    assert query("SELECT nickname FROM market.dim_advertisers") == [("A\ufffdna",)]
    assert query("SELECT method_name FROM market.dim_payment_methods") == [("B\ufffdank",)]


def test_a_zero_byte_is_replaced_in_what_is_no_ad(
    catch_up, make_batch, ad, sweep, refusal, at, query
):
    short = sweep("USDT/V\0S BUY", "failed", error="broken\0json")
    refused = refusal("2\0", market="USDT/V\0S SELL")
    make_batch(at(), [ad("1")], [short], [refused], changes={"a\0b": 1})
    assert len(catch_up().loaded) == 1
    errors = "SELECT fiat_code, error_message FROM market.ops_extraction_errors"
    assert query(errors) == [("V\ufffdS", "broken\ufffdjson")]
    assert query("SELECT record -> 'changes' FROM warehouse.batch") == [({"a\ufffdb": 1},)]
    details = "SELECT details -> 'shortfalls' -> 0 ->> 'error' FROM warehouse.quality"
    assert query(f"{details} WHERE metric_name = 'planned_markets'") == [("broken\ufffdjson",)]


def test_a_refused_ad_whose_number_has_a_zero_byte_is_the_ad_that_stands(
    catch_up, make_batch, ad, sweep, refusal, at, query
):
    make_batch(at(), [ad("1"), ad("2\0")])
    make_batch(at(10), [ad("1")], [sweep(verdict="partial")], [refusal("2\0")])
    assert len(catch_up().loaded) == 2
    assert query("SELECT adv_no FROM warehouse.live") == [("1",)]


def test_a_number_that_no_column_holds_is_null(catch_up, make_batch, ad, at, query):
    odd = {"month_order_count": 2**40, "vip_level": 2**20, "user_grade": -(2**40)}
    make_batch(at(), [ad("1", pay_time_limit_minutes=2**40, **odd)])
    assert len(catch_up().loaded) == 1
    assert query("SELECT vip_level, user_grade FROM market.dim_advertisers") == [(None, None)]
    assert query("SELECT pay_time_limit_minutes FROM market.fact_offers") == [(None,)]


@pytest.fixture(params=UNSTORABLE.values(), ids=UNSTORABLE)
def unstorable(request, make_batch, at):
    """A batch that the database cannot store."""
    return make_batch(at(), request.param)


def starts(outcome):
    return [loaded.started_at for loaded in outcome.loaded]


def names_alone(outcome, batch):
    (sentence,) = outcome.damaged
    return f"the database cannot store the batch of {batch.path}" in sentence


def test_a_batch_that_the_database_cannot_store_is_named_each_time_and_keeps_no_other_out(
    catch_up, unstorable, make_batch, ad, at, query
):
    for minutes in (10, 20, 30):
        make_batch(at(minutes), [ad("1")])
        outcome = catch_up()
        assert names_alone(outcome, unstorable)
        assert starts(outcome) == [at(minutes)]
    assert query("SELECT count(*) FROM market.ops_batch_runs") == [(3,)]


@pytest.mark.parametrize("late", [-10, 10], ids=["before it", "after it"])
def test_nor_does_it_keep_one_out_that_comes_late(catch_up, unstorable, make_batch, ad, at, late):
    make_batch(at(20), [ad("1")])
    catch_up()
    make_batch(at(late), [ad("2")])
    outcome = catch_up()
    assert names_alone(outcome, unstorable)
    assert starts(outcome) == [at(late), at(20)]


def test_a_backfill_names_it_once_too(
    database, thresholds, tmp_path, catch_up, unstorable, make_batch, ad, at
):
    make_batch(at(10), [ad("1")])
    catch_up()
    make_batch(at(5), [ad("1")])
    make_batch(at(20), [ad("1")])
    with loader(database, tmp_path / "data", thresholds) as warehouse:
        outcome = warehouse.repair(EVER)
        assert names_alone(outcome, unstorable)
        assert starts(outcome) == [at(5), at(10), at(20)]
        rebuilt = warehouse.rebuild(EVER)
    assert names_alone(rebuilt, unstorable)
    assert starts(rebuilt) == [at(5), at(10), at(20)]


def test_what_was_loaded_and_cannot_be_stored_now_stays_as_it_was(
    database, thresholds, tmp_path, catch_up, make_batch, ad, at, query
):
    before = make_batch(at(), [ad("1")])
    make_batch(at(10), [ad("1")])
    catch_up()
    before.path.unlink()
    changed = make_batch(at(), [ad("1"), ad("1")])
    with loader(database, tmp_path / "data", thresholds) as warehouse:
        for outcome, loaded in ((warehouse.repair(EVER), []), (warehouse.rebuild(EVER), [at(10)])):
            assert names_alone(outcome, changed)
            assert starts(outcome) == loaded
    assert query("SELECT count(*) FROM market.ops_batch_runs") == [(2,)]


def test_a_file_of_another_name_is_no_batch(catch_up, make_batch, ad, at):
    batch = make_batch(at(), [ad("1")])
    batch.path.rename(batch.path.with_name("batch_20260605_120000_bad.json"))
    assert catch_up().loaded == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:p%zzhush@localhost/p2p",
        "host=localhost password=my hush",
        "postgresql://me:hu/hush@localhost/p2p",
    ],
)
def test_a_password_is_never_shown(scrapy, address):
    done = scrapy("backfill", DATABASE_URL=address)
    assert done.returncode == 2
    assert "setting DATABASE_URL is '(not shown)'" in done.stderr
    assert "hush" not in done.stderr + done.stdout
