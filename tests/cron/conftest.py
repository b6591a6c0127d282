from datetime import UTC, datetime

import pytest
from scrapy.settings import Settings

from p2p_scrapy.config import Config

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class StandingClock:
    """Stands where a test puts it."""

    def __init__(self, moment):
        self.moment = moment

    def now(self):
        return self.moment


class NotedAlerts:
    """Notes what would be told."""

    def __init__(self):
        self.called = []
        self.ended = []

    def call(self, kind, error):
        self.called.append((kind, error))

    def recovered(self, kind):
        self.ended.append(kind)


@pytest.fixture
def clock():
    return StandingClock(NOON)


@pytest.fixture
def alerts():
    return NotedAlerts()


@pytest.fixture
def config(tmp_path):
    return Config.from_settings(Settings({"P2P_DATA_DIR": str(tmp_path)}))
