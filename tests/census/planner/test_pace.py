from datetime import timedelta

import pytest

from p2p_scrapy.census.planner import Pace


@pytest.mark.parametrize(
    ("interval", "window", "max_age", "rotation"),
    [
        (600, 450, 3600, 4),  # five would do, and one may be lost
        (600, 450, 3569, 3),  # 5 * 600 + 450 + 120 is more
        (300, 225, 3600, 10),
        (600, 450, 900, 1),
        (600, 450, 1, 1),
    ],
)
def test_the_rotation_leaves_a_batch_to_be_lost(interval, window, max_age, rotation):
    assert Pace(interval, window, max_age).rotation == rotation


def test_what_is_overdue_before_the_next_batch_ends_cannot_wait(pace, epoch):
    latest_end = 600 * 1.2 + 450
    assert pace.cannot_wait(None, epoch)
    assert not pace.cannot_wait(epoch - timedelta(seconds=3600 - latest_end), epoch)
    assert pace.cannot_wait(epoch - timedelta(seconds=3601 - latest_end), epoch)


def test_the_pace_of_the_settings(config):
    settings = {"P2P_INTERVAL_SECONDS": "300", "P2P_WINDOW_SECONDS": "200.5"}
    assert Pace.of(config(**settings)) == Pace(300, 200.5, 3600)
