"""Loads are timed beside plain COPY, of batches that are what they are called."""

from datetime import timedelta

import pytest

from benchmarks.warehouse import speeds
from benchmarks.warehouse.leg import LEAST_ROUNDS, load_speeds
from benchmarks.warehouse.timed import timed_load
from benchmarks.warehouse.variants import Variant, all_new, twentieth_changed, unchanged
from p2p_scrapy.warehouse import schema
from p2p_scrapy.warehouse.lake_batch import closed_batches

EVERYTHING = {
    speeds.PLAIN_COPY,
    speeds.STAGE_COPY,
    speeds.STAGING,
    *speeds.WHOLE_LOADS,
}


@pytest.fixture
def first(lake, tmp_path):
    """The lake's first batch in a lake of this test's own."""
    (batch,) = closed_batches(lake)
    copied = Variant(batch, tmp_path / "lake").later(timedelta(0), unchanged)
    assert closed_batches(tmp_path / "lake") == [copied]
    return copied


def test_variants_are_what_they_are_called(first, new_warehouse):
    variant, minutes = Variant(first, first.data_dir), timedelta(minutes=10)
    with new_warehouse() as connection:
        schema.migrate(connection)

        def loaded(batch):
            timed = timed_load(connection, batch)
            assert timed.seconds == timed.staging + timed.database
            return timed.loaded

        count = loaded(first).inserted
        assert count >= 90
        same = loaded(variant.later(minutes, unchanged))
        assert (same.inserted, same.updated, same.closed) == (0, 0, 0)
        changed = loaded(variant.later(2 * minutes, twentieth_changed))
        assert changed.inserted == changed.closed > 0
        assert 0 < changed.updated < count / 10
        new = loaded(variant.later(3 * minutes, all_new))
        assert (new.inserted, new.updated, new.closed) == (count, 0, count)


def test_measures_a_batch_of_the_census(course):
    found = load_speeds(course, 1)
    assert found.ads >= 90
    assert set(found.seconds) == EVERYTHING
    assert {len(runs) for runs in found.seconds.values()} == {LEAST_ROUNDS}
    assert found.ratio(speeds.UNCHANGED) < 1
    assert found.speed(speeds.ALL_NEW) > 0
