"""The metrics as of this moment: what a file cannot know once nobody writes it any more."""

from datetime import UTC, datetime

from p2p_scrapy.config import Config
from p2p_scrapy.watch.metrics import course
from p2p_scrapy.watch.metrics.definitions import BATCH_ELAPSED, BATCH_SEEN
from p2p_scrapy.watch.metrics.observer import PUBLISH_SECONDS
from p2p_scrapy.watch.metrics.state import State
from p2p_scrapy.watch.metrics.state_file import StateFile

MISSED = 4
"""Writings that a running batch may miss until it is taken for dead."""


def text_of_moment(config: Config, now: datetime) -> str:
    """The state file's content, with the running batch's time up to now.

    A batch that was killed is said to run no more.

    Raises:
        DamagedStateError: the file is not what this project writes.
        OSError: it cannot be read.
    """
    state = StateFile(config.data_dir).read()
    began = course.running_since(state)
    if began is not None:
        if _is_dead(state, now, config.time_lapse.factor):
            course.rest(state)
        else:
            state.set(BATCH_ELAPSED, (now - began).total_seconds())
    return state.render()


def _is_dead(state: State, now: datetime, lapse: float) -> bool:
    seen = state.get(BATCH_SEEN) or 0.0
    silence = now - datetime.fromtimestamp(seen, UTC)
    return silence.total_seconds() > MISSED * PUBLISH_SECONDS * lapse
