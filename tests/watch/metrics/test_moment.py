"""What ``/metrics`` says of the moment that the file cannot know."""

from datetime import timedelta

import pytest
from scrapy.settings import BaseSettings

from p2p_scrapy.config import Config
from p2p_scrapy.watch.metrics import course
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.moment import text_of_moment
from p2p_scrapy.watch.metrics.state import DamagedStateError, State
from p2p_scrapy.watch.metrics.state_file import StateFile


@pytest.fixture
def config(tmp_path):
    return Config.from_settings(BaseSettings({"P2P_DATA_DIR": str(tmp_path)}))


@pytest.fixture
def begun(tmp_path, record):
    """When a batch began that was last heard of 15 s later."""
    started_at = record().started_at

    def go_on(state):
        course.go_on(state, started_at, started_at + timedelta(seconds=15))
        state.set(metrics.ACTIVE, 7)

    StateFile(tmp_path).change(go_on)
    return started_at


@pytest.mark.parametrize(("after", "running", "elapsed"), [(40, 1, 40), (75, 1, 75), (76, 0, 15)])
def test_a_running_batch_goes_on_and_a_killed_one_does_not(config, begun, after, running, elapsed):
    state = State.parse(text_of_moment(config, begun + timedelta(seconds=after)))
    assert state.get(metrics.BATCH_STATUS, "running") == running
    assert state.get(metrics.BATCH_ELAPSED) == elapsed
    assert state.get(metrics.ACTIVE) == (7 if running else 0)


def test_without_a_file_there_is_a_text_without_series(config, record):
    assert text_of_moment(config, record().started_at) == State().render()


def test_a_damaged_file_is_said_and_left(config, record):
    path = StateFile(config.data_dir).path
    path.parent.mkdir()
    path.write_text("half a li")
    with pytest.raises(DamagedStateError):
        text_of_moment(config, record().started_at)
    assert path.read_text() == "half a li"
