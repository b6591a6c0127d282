"""A copy of a lake that is written meanwhile never names what it does not hold."""

import random
import shutil
from itertools import count

import pytest

from deploy import lake_copy
from deploy.lake_copy import copy_lake
from p2p_scrapy.warehouse.lake_batch import closed_batches
from tests.warehouse.replay.simulated.exchange import Exchange
from tests.warehouse.replay.simulated.histories import MIDNIGHT, TEN_MINUTES, run


@pytest.fixture
def market():
    return Exchange(random.Random(3), fiats=("VES",), assets=("USDT",), most=5, people=3)


@pytest.fixture
def lake(market, tmp_path):
    run(market, tmp_path / "data", MIDNIGHT - TEN_MINUTES, 2, TEN_MINUTES)
    (tmp_path / "data/checkpoint.json").write_text("{}")
    return tmp_path / "data"


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def proved(folder):
    """How many closed batches a folder has; each is what its manifest says."""
    batches = closed_batches(folder)
    for batch in batches:
        batch.prove()
    return len(batches)


def test_a_copy_is_the_same_and_a_second_one_copies_nothing(lake, tmp_path):
    copied, size = copy_lake(lake, tmp_path / "copy")
    assert files(tmp_path / "copy") == files(lake)
    assert (copied, size) == (
        len(files(lake)),
        sum(p.stat().st_size for p in lake.rglob("*.*") if p.is_file()),
    )
    assert copy_lake(lake, tmp_path / "copy") == (0, 0)
    (lake / "checkpoint.json").write_text("{1}")
    assert copy_lake(lake, tmp_path / "copy") == (1, 3)


def test_a_batch_may_be_closed_at_any_moment_of_it(lake, market, tmp_path, monkeypatch):
    copy, numbers = shutil.copy2, count()
    for moment in range(len(files(lake)) + 1):
        here, there = tmp_path / f"here{moment}", tmp_path / f"there{moment}"
        shutil.copytree(lake, here)
        seen = count()

        def close_another(source, target, at=moment, here=here, seen=seen):
            if next(seen) == at:
                run(market, here, MIDNIGHT + TEN_MINUTES * (1 + next(numbers)), 1, TEN_MINUTES)
            return copy(source, target)

        with monkeypatch.context() as patched:
            patched.setattr(lake_copy.shutil, "copy2", close_another)
            copy_lake(here, there)
        assert proved(there) in (2, 3)
        copy_lake(here, there)
        assert proved(there) == proved(here)
        assert files(there) == files(here)


def test_what_belongs_to_a_running_process_is_left_out(lake, tmp_path):
    for name in (".lock", "postgres/PG_VERSION", "raw/.half.parquet.tmp"):
        (lake / name).parent.mkdir(exist_ok=True)
        (lake / name).write_text("x")
    copy_lake(lake, tmp_path / "copy")
    assert files(lake) - files(tmp_path / "copy") == {
        ".lock", "postgres/PG_VERSION", "raw/.half.parquet.tmp",
    }  # fmt: skip


def test_journals_are_copied_and_go_when_their_batch_is_closed(lake, tmp_path):
    journal = lake / "journal/.batch_20260606_003000.journal.tmp"
    journal.parent.mkdir(exist_ok=True)
    journal.write_text("some ads")
    copy_lake(lake, tmp_path / "copy")
    assert (tmp_path / "copy" / journal.relative_to(lake)).read_text() == "some ads"
    journal.unlink()
    copy_lake(lake, tmp_path / "copy")
    assert files(tmp_path / "copy") == files(lake)


def test_a_file_that_goes_meanwhile_is_no_trouble(lake, tmp_path, monkeypatch):
    copy = shutil.copy2

    def gone(source, target):
        if source.name == "checkpoint.json":
            source.unlink()
        return copy(source, target)

    monkeypatch.setattr(lake_copy.shutil, "copy2", gone)
    copy_lake(lake, tmp_path / "copy")
    assert files(tmp_path / "copy") == files(lake)
