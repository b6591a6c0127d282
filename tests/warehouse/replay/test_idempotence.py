"""What is loaded again, in whatever way, is what was there."""

import pytest

from p2p_scrapy.warehouse.period import Period
from tests.warehouse.replay.content import Reader, content, differences, stamps
from tests.warehouse.replay.simulated.histories import FEW, MIDNIGHT, manifests


@pytest.fixture(scope="module")
def loaded(written_lake, new_warehouse, loading_of):
    """A warehouse that was loaded in one go, and what is in it."""
    dsn = new_warehouse()
    with loading_of(dsn, written_lake) as warehouse:
        assert len(warehouse.catch_up().loaded) == FEW
    return dsn, content(dsn)


def test_live_and_from_scratch_are_equal(loaded, lake, new_warehouse, loading_of):
    """Live, a manifest comes after the other, and each is loaded by a process of its own."""
    dsn, waiting = new_warehouse(), manifests(lake)
    hidden = [path.rename(path.with_suffix(".later")) for path in waiting]
    for path in hidden:
        path.rename(path.with_suffix(".json"))
        with loading_of(dsn, lake) as warehouse:
            assert len(warehouse.catch_up().loaded) == 1
    assert differences(content(dsn), loaded[1]) == {}


def test_a_second_load_touches_no_row(loaded, written_lake, loading_of):
    dsn, before = loaded
    written = stamps(dsn)
    with loading_of(dsn, written_lake) as warehouse:
        for outcome in (warehouse.catch_up(), warehouse.repair(Period())):
            assert (outcome.loaded, outcome.damaged, outcome.left) == ([], [], [])
    assert stamps(dsn) == written
    assert differences(content(dsn), before) == {}


@pytest.mark.parametrize(
    ("period", "batches"),
    [(Period(), FEW), (Period(MIDNIGHT), FEW // 2), (Period(end=MIDNIGHT), FEW)],
    ids=["of everything", "from the second day on", "of the first day, and so what follows"],
)
def test_a_rebuild_changes_nothing(loaded, written_lake, loading_of, period, batches):
    dsn, before = loaded
    with loading_of(dsn, written_lake) as warehouse:
        assert len(warehouse.rebuild(period).loaded) == batches
    assert differences(content(dsn), before) == {}


def test_a_rebuild_into_nothing_is_a_load(loaded, written_lake, new_warehouse, loading_of):
    dsn = new_warehouse()
    with loading_of(dsn, written_lake) as warehouse:
        assert len(warehouse.rebuild(Period()).loaded) == FEW
    assert differences(content(dsn), loaded[1]) == {}


def test_a_rebuild_of_many_batches_holds_no_more_locks_than_one_of_few(
    loaded, written_lake, loading_of
):
    """All are one transaction, and the server has room for some thousand locks."""
    dsn, _ = loaded
    held = []
    with loading_of(dsn, written_lake) as warehouse, Reader(dsn) as reader:
        count = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        ours = "WHERE application_name = 'p2p_scrapy' AND datname = current_database()"
        warehouse.on_loaded.append(lambda _: held.append(reader.run(f"{count} {ours}")[0][0]))
        warehouse.rebuild(Period())
    assert len(held) == FEW
    assert held[-1] <= held[2] + FEW
