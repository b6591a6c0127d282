"""Batches that come late, change, are damaged, or have a clock that ran back."""

import random
import shutil

import pytest

from p2p_scrapy.warehouse.lake_batch import closed_batches
from p2p_scrapy.warehouse.period import Period
from tests.warehouse.replay.content import Reader, content, differences
from tests.warehouse.replay.simulated.exchange import Exchange
from tests.warehouse.replay.simulated.histories import FEW, brought_back, manifests, taken_away

BUYERS = "USDT/VES BUY"
DIMENSIONS = {"names", "method sets", "rows"}
CHANGED = 5
DAMAGED = 4
LATE = 9


@pytest.mark.parametrize("late", [1, 4])
def test_batches_that_come_late_find_their_place(lake, loading, database, whole, late):
    absent = random.Random(late).sample(manifests(lake)[:-1], late)
    absent = [taken_away(path) for path in absent]
    assert len(loading.catch_up().loaded) == FEW - late
    for path in absent:
        brought_back(path)
    assert loading.catch_up().damaged == []
    assert differences(content(database), whole) == {}


def test_batches_that_come_late_one_after_the_other_do_so_too(lake, loading, database, whole):
    paths = manifests(lake)[:3]
    absent = [taken_away(path) for path in paths]
    assert len(loading.catch_up().loaded) == FEW - 3
    for path in reversed(absent):
        brought_back(path)
        loading.catch_up()
    assert differences(content(database), whole) == {}


def test_a_batch_whose_files_changed_is_loaded_anew(
    lake, loading, database, whole, written_lake, tmp_path
):
    started_at = closed_batches(lake)[CHANGED].started_at
    Exchange(random.Random(99)).batch(started_at, tmp_path / "other")
    shutil.copytree(tmp_path / "other", lake, dirs_exist_ok=True)
    loading.catch_up()
    assert differences(content(database), whole) != {}
    shutil.copytree(written_lake, lake, dirs_exist_ok=True)
    assert loading.catch_up().loaded == []  # a crawl does not look for what has changed
    outcome = loading.repair(Period())
    assert (outcome.loaded[0].started_at, len(outcome.loaded)) == (started_at, FEW - CHANGED)
    found = differences(content(database), whole)
    assert {*found} <= DIMENSIONS  # these say what was ever seen, and stay


@pytest.mark.parametrize("kind", ["sweeps_", "snapshot_", "rejected_", "batch_"])
def test_a_damaged_file_is_named_and_the_others_are_loaded(lake, loading, database, whole, kind):
    batch = closed_batches(lake)[DAMAGED]
    damaged = next(path for path in files_of(batch) if path.name.startswith(kind))
    before = damaged.read_bytes()
    damaged.write_bytes(before[:-20])
    outcome = loading.catch_up()
    assert len(outcome.loaded) == FEW - 1
    for again in (outcome, loading.catch_up(), loading.repair(Period())):
        assert [str(damaged) in sentence for sentence in again.damaged] == [True]
    damaged.write_bytes(before)
    assert len(loading.catch_up().loaded) == FEW - DAMAGED
    assert differences(content(database), whole) == {}


def test_a_damaged_batch_keeps_no_other_from_finding_its_place(lake, loading, database, whole):
    damaged = files_of(closed_batches(lake)[DAMAGED])[1]
    before = damaged.read_bytes()
    damaged.write_bytes(before[:-20])
    late = taken_away(manifests(lake)[LATE])
    assert len(loading.catch_up().loaded) == FEW - 2
    brought_back(late)
    outcome = loading.catch_up()
    assert (len(outcome.loaded), len(outcome.damaged)) == (FEW - LATE, 1)
    damaged.write_bytes(before)
    assert len(loading.catch_up().loaded) == FEW - DAMAGED
    assert differences(content(database), whole) == {}


def test_a_batch_that_was_loaded_and_is_damaged_now_stays_loaded(lake, loading, database, whole):
    loading.catch_up()
    damaged = files_of(closed_batches(lake)[DAMAGED])[1]
    damaged.write_bytes(damaged.read_bytes()[:-20])
    outcome = loading.rebuild(Period())
    assert (outcome.loaded, len(outcome.damaged)) == ([], 1)
    assert str(damaged) in outcome.damaged[0]
    assert differences(content(database), whole) == {}


def files_of(batch):
    return [batch.path, *(batch.data_dir / file.path for file in batch.record.files)]


# A clock that ran back


@pytest.fixture
def clock_that_ran_back(make_batch, at, ad, sweep, tmp_path):
    """Three batches, of which each began before the one before had ended."""
    named = {"advertiser_name": "Anna", "month_order_count": 5}
    make_batch(at(0), [ad("1")], [sweep(swept_at=at(7))], ended_at=at(8))
    make_batch(
        at(3),
        [ad("1", price=99.0, **named), ad("2", BUYERS, **named)],
        [sweep(swept_at=at(4)), sweep(BUYERS, swept_at=at(5))],
        ended_at=at(12),
    )
    make_batch(at(11), [ad("1", **named)], [sweep(swept_at=at(13))], ended_at=at(14))
    return tmp_path / "data"


@pytest.fixture
def ran_back(database, clock_that_ran_back, loading_of):
    with loading_of(database, clock_that_ran_back) as warehouse:
        yield warehouse


def test_a_sweep_that_goes_back_in_time_counts_as_failed(ran_back, database, at):
    assert len(ran_back.catch_up().loaded) == 3
    with Reader(database) as reader:
        back = reader.run("SELECT verdict, error FROM market.sweeps WHERE swept_at = %s", at(4))
        assert back == [("failed", "not after the last sweep, of 2026-06-05 12:07:00+00")]
        book = "SELECT offer_external_id, price::text, advertiser, total_orders_count"
        asked = [reader.ask(f"{book} FROM offers_as_of(%s)", at(minute)) for minute in (6, 8, 13)]
    assert asked == [
        [("2", "58.1", "Ana", None)],
        [("1", "58.1", "Ana", 21), ("2", "58.1", "Ana", None)],
        [("1", "58.1", "Anna", 5), ("2", "58.1", "Ana", None)],
    ]


@pytest.mark.parametrize("minute", [0, 3, 11])
def test_what_ran_into_each_other_is_rebuilt_together(ran_back, database, at, minute):
    ran_back.catch_up()
    before = content(database)
    assert len(ran_back.rebuild(Period(at(minute))).loaded) == 3
    assert differences(content(database), before) == {}


def test_who_was_seen_by_a_sweep_of_before_is_who_he_was(
    database, make_batch, at, ad, sweep, loading_of, tmp_path
):
    make_batch(at(0), [ad("1")], [sweep(swept_at=at(1))])
    make_batch(at(20), [ad("1")], [sweep(swept_at=at(30))], ended_at=at(31))
    other = {"advertiser_name": "New", "month_order_count": 500}
    make_batch(at(32), [ad("1", **other)], [sweep(swept_at=at(15), verdict="partial")])
    with loading_of(database, tmp_path / "data") as warehouse, Reader(database) as reader:
        assert len(warehouse.catch_up().loaded) == 3
        book = "SELECT advertiser, total_orders_count FROM offers_as_of(%s)"
        assert reader.ask(book, at(30)) == [("Ana", 21)]
        assert reader.run("SELECT nickname FROM dim_advertisers") == [("Ana",)]
        assert reader.run("SELECT error_type FROM ops_extraction_errors") == [("market_failed",)]


def test_a_batch_whose_sweeps_lie_before_its_start_is_rebuilt_as_it_was(
    database, make_batch, at, ad, sweep, loading_of, tmp_path
):
    make_batch(at(0), [ad("1", price=50.0)], [sweep(swept_at=at(1))])
    make_batch(at(10), [ad("1", price=51.0)], [sweep(swept_at=at(8))], ended_at=at(11))
    with loading_of(database, tmp_path / "data") as warehouse:
        warehouse.catch_up()
        before = content(database)
        assert len(warehouse.rebuild(Period(at(10))).loaded) == 1
        assert differences(content(database), before) == {}


def test_a_batch_whose_sweeps_lie_after_its_end_is_undone_by_what_comes_between(
    database, make_batch, at, ad, sweep, loading_of, tmp_path
):
    make_batch(at(0), [ad("1"), ad("2")], [sweep(swept_at=at(5))], ended_at=at(-3))
    make_batch(at(9), [ad("1"), ad("2")], [sweep(swept_at=at(10))])
    with loading_of(database, tmp_path / "data") as warehouse, Reader(database) as reader:
        warehouse.catch_up()
        make_batch(at(2), [ad("9")], [sweep(swept_at=at(3))])
        assert len(warehouse.catch_up().loaded) == 3
        book = "SELECT offer_external_id FROM offers_as_of(%s)"
        assert reader.ask(book, at(7)) == [("1",), ("2",)]
