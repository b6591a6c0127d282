import json
from datetime import timedelta

import pytest

from p2p_scrapy.census.checkpoint import Checkpoint, checkpoint_path


def test_a_new_one(tmp_path):
    assert Checkpoint.load(tmp_path) == Checkpoint(
        last_completed_snapshot=None,
        last_buy_ad_count=0,
        last_sell_ad_count=0,
        consecutive_failures=0,
        total_snapshots=0,
        first_snapshot=None,
        version="1.0",
    )


def test_completed_batches(tmp_path, epoch):
    checkpoint = Checkpoint(consecutive_failures=3)
    checkpoint.completed(epoch, 10, 20)
    checkpoint.completed(epoch + timedelta(seconds=600), 11, 21)
    checkpoint.save(tmp_path)
    assert json.loads(checkpoint_path(tmp_path).read_text()) == {
        "last_completed_snapshot": "2026-06-05T13:40:00Z",
        "last_buy_ad_count": 11,
        "last_sell_ad_count": 21,
        "consecutive_failures": 0,
        "total_snapshots": 2,
        "first_snapshot": "2026-06-05T13:30:00Z",
        "version": "1.0",
    }
    assert Checkpoint.load(tmp_path) == checkpoint
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.json"]


def test_only_failed_batches_running_count(epoch):
    checkpoint = Checkpoint()
    counts = []
    for failed in (True, True, False, True):
        checkpoint.fell_short(failed=failed)
        counts.append(checkpoint.consecutive_failures)
    assert counts == [1, 2, 0, 1]
    checkpoint.completed(epoch, 1, 1)
    assert checkpoint.consecutive_failures == 0


def test_a_batch_that_fell_short_moves_nothing_else(epoch):
    checkpoint = Checkpoint()
    checkpoint.completed(epoch, 10, 20)
    checkpoint.fell_short(failed=False)
    assert checkpoint.last_completed_snapshot == epoch
    assert (checkpoint.last_buy_ad_count, checkpoint.last_sell_ad_count) == (10, 20)
    assert checkpoint.total_snapshots == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"total_snapshots": "x"}', b"\xff\xfe", b'{"version": "\xff"}', b"null"],
)
def test_a_corrupt_one_counts_as_none_and_is_said(tmp_path, caplog, content):
    checkpoint_path(tmp_path).write_bytes(content)
    assert Checkpoint.load(tmp_path) == Checkpoint()
    assert len(caplog.messages) == 1
    assert "checkpoint.json cannot be used and is begun anew" in caplog.messages[0]


def test_one_of_another_version_counts_as_none(tmp_path):
    checkpoint_path(tmp_path).write_text('{"version": "2.0", "total_snapshots": 7}')
    assert Checkpoint.load(tmp_path) == Checkpoint()


def test_a_folder_in_its_place_counts_as_none(tmp_path, caplog):
    checkpoint_path(tmp_path).mkdir()
    assert Checkpoint.load(tmp_path) == Checkpoint()
    assert "cannot be used" in caplog.messages[0]


def test_a_time_without_a_zone_counts_as_corrupt(tmp_path):
    checkpoint_path(tmp_path).write_text('{"last_completed_snapshot": "2026-06-05T13:30:00"}')
    assert Checkpoint.load(tmp_path) == Checkpoint()
