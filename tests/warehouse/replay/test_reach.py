"""How much of what came late a crawl fills in, and in which order; the rest is a backfill's."""

import pytest

from p2p_scrapy.warehouse.lake_batch import LakeBatch, closed_batches
from p2p_scrapy.warehouse.period import EVER
from tests.warehouse.replay.content import content, differences
from tests.warehouse.replay.simulated.histories import FEW, brought_back, manifests, taken_away

LATE = 9


def test_too_many_to_replay_are_left_to_a_backfill(lake, loading, database, whole):
    late = taken_away(manifests(lake)[0])
    loading.catch_up()
    brought_back(late)
    outcome = loading.catch_up(rebuild_at_most=FEW - 1)
    assert (outcome.loaded, outcome.damaged, len(outcome.left)) == ([], [], 1)
    assert len(loading.repair(EVER).loaded) == FEW
    assert differences(content(database), whole) == {}


def counted_readings(monkeypatch):
    """The starts of the batches whose files are read from now on."""
    read = []
    content_of = LakeBatch._content

    def counted(batch, file):
        read.append(batch.started_at)
        return content_of(batch, file)

    monkeypatch.setattr(LakeBatch, "_content", counted)
    return read


def test_what_is_left_to_a_backfill_is_not_read(lake, loading, monkeypatch):
    absent = [taken_away(path) for path in manifests(lake)[:-2]]
    loading.catch_up()
    for path in absent:
        brought_back(path)
    read = counted_readings(monkeypatch)
    outcome = loading.catch_up(rebuild_at_most=1)
    assert (outcome.loaded, read, len(outcome.left)) == ([], [], 1)
    assert f"{FEW - 2} batches from 2026-06-05 22:50:00+00:00 on" in outcome.left[0]
    assert f"to replay {FEW}: run scrapy backfill --start 2026-06-05" in outcome.left[0]


def test_an_old_hole_keeps_no_later_one_open(lake, loading, database, whole):
    paths = manifests(lake)
    absent = [taken_away(paths[at]) for at in (0, 1, LATE)]
    assert len(loading.catch_up().loaded) == FEW - 3
    for path in absent:
        brought_back(path)
    outcome = loading.catch_up(rebuild_at_most=FEW - LATE)
    assert (len(outcome.loaded), outcome.damaged, len(outcome.left)) == (FEW - LATE, [], 1)
    assert "2 batches from" in outcome.left[0]
    assert len(loading.repair(EVER).loaded) == FEW
    assert differences(content(database), whole) == {}


def test_what_is_new_is_loaded_before_holes_are_filled(lake, loading, database, whole):
    late, new = taken_away(manifests(lake)[LATE]), taken_away(manifests(lake)[-1])
    loading.catch_up()
    brought_back(late)
    brought_back(new)
    newest = closed_batches(lake)[-1].started_at
    outcome = loading.catch_up(rebuild_at_most=FEW)
    assert [outcome.loaded[0].started_at, outcome.loaded[-1].started_at] == [newest, newest]
    assert len(outcome.loaded) == 1 + FEW - LATE
    assert differences(content(database), whole) == {}


def test_a_backfill_loads_no_batch_twice(lake, loading, database, whole):
    late, new = taken_away(manifests(lake)[LATE]), taken_away(manifests(lake)[-1])
    loading.catch_up()
    brought_back(late)
    brought_back(new)
    assert len(loading.repair(EVER).loaded) == FEW - LATE
    assert differences(content(database), whole) == {}


@pytest.mark.parametrize("answers", [0, 1, 2])
def test_holes_wait_where_there_is_no_time(lake, loading, database, whole, monkeypatch, answers):
    absent = [taken_away(path) for path in manifests(lake)[LATE : LATE + 2]]
    loading.catch_up()
    for path in absent:
        brought_back(path)
    read, left = counted_readings(monkeypatch), iter([True] * answers)
    outcome = loading.catch_up(go_on=lambda: next(left, False))
    assert (outcome.loaded, outcome.damaged, len(outcome.left)) == ([], [], 1)
    assert len({*read}) == answers
    assert "2 batches from" in outcome.left[0]
    loading.catch_up()
    assert differences(content(database), whole) == {}
