from datetime import UTC, datetime, timedelta

import pytest

from items import BatchRecord, Status
from p2p_scrapy.watch.notices import StandingAlerts
from tests.webhook import webhook as running_webhook

STARTED_AT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)


class Hands:
    """A clock that a test turns."""

    def __init__(self):
        self.time = STARTED_AT

    def now(self):
        return self.time

    def turn(self, minutes):
        self.time += timedelta(minutes=minutes)


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def webhook():
    with running_webhook() as running:
        yield running


@pytest.fixture
def standing_of(tmp_path, hands):
    """What stands in the test's folder, with these addresses to tell."""
    return lambda *names: StandingAlerts(tmp_path, names, hands.now)


@pytest.fixture
def standing(standing_of):
    return standing_of("1 (Slack)")


@pytest.fixture
def record():
    """The record of a completed batch, but for what a test says."""
    nothing = dict.fromkeys(("planned", "complete", "partial", "failed", "old_ads"), 0)
    nothing |= {name: [] for name in ("unread", "unknown_fiats", "shortfalls", "slow", "alerts")}
    nothing |= {name: {} for name in ("scope", "ads", "refused", "changes", "requests", "errors")}

    def build(**given):
        told = {"batch_id": "x", "started_at": STARTED_AT, "ended_at": STARTED_AT}
        told |= {"status": Status.COMPLETED, "interval_seconds": 600, "sample": False}
        told |= {"catalogue": "kept", "negative_spreads": 0, "stopped": None}
        return BatchRecord(**nothing, completeness=1.0, coverage=1.0, **told | given)

    return build
