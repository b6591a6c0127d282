from datetime import UTC, datetime, timedelta

import pytest

from cron.slot import Slot

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, 1, 119, 599])
def test_every_moment_of_a_slot_names_the_same_job(seconds):
    slot = Slot.of(NOON + timedelta(seconds=seconds), 600)
    assert slot.start == NOON
    assert slot.job == "binance_p2p-20261121T120000Z"


def test_the_next_slot_names_another():
    assert Slot.of(NOON + timedelta(seconds=600), 600).job == "binance_p2p-20261121T121000Z"


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (120, False), (121, True)])
def test_over_120_seconds_past_its_start_a_slot_is_skipped(seconds, late):
    assert Slot(NOON).is_too_late(NOON + timedelta(seconds=seconds)) is late
