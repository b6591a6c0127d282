import json
from datetime import UTC, datetime

import pytest

from p2p_scrapy.watch.alerts import Alerts

STARTED_AT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
HAPPENED_AT = datetime(2026, 6, 5, 13, 31, 2, 500_000, tzinfo=UTC)


@pytest.fixture
def alerts(tmp_path):
    return Alerts(tmp_path / "alerts", lambda: HAPPENED_AT, STARTED_AT, 2)


def content(tmp_path, name):
    return json.loads((tmp_path / "alerts" / name).read_text())


def test_an_alert_is_a_file_and_a_log_line(alerts, tmp_path, caplog):
    alerts.call("disk_full", "no space left for x")
    assert content(tmp_path, "20260605_133000_disk_full.alert") == {
        "timestamp": "2026-06-05T13:31:02.500000Z",
        "error": "no space left for x",
        "consecutive_failures": 2,
        "traceback": None,
    }
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("ERROR", "ALERT disk_full: no space left for x")
    ]
    assert alerts.raised == ["disk_full"]


def test_one_a_kind_and_batch(alerts, tmp_path, caplog):
    for error in ("first", "second"):
        alerts.call("blocked", error)
        alerts.call("timeout", error)
    assert alerts.raised == ["blocked", "timeout"]
    assert len(caplog.messages) == 2
    assert sorted(path.name for path in (tmp_path / "alerts").iterdir()) == [
        "20260605_133000_blocked.alert",
        "20260605_133000_timeout.alert",
    ]
    assert content(tmp_path, "20260605_133000_blocked.alert")["error"] == "first"


def test_what_is_added_is_one_alert_whose_file_says_it_all(alerts, tmp_path, caplog):
    told = []
    alerts.on_raised.append(lambda kind, news: told.append((kind, news)))
    alerts.add("answers_changed", "a is missing")
    alerts.call("timeout", "late")
    alerts.add("answers_changed", "b is missing")
    assert alerts.raised == ["answers_changed", "timeout"]
    name = "20260605_133000_answers_changed.alert"
    assert content(tmp_path, name)["error"] == "a is missing; b is missing"
    said = [("answers_changed", "a is missing"), ("timeout", "late")]
    said.append(("answers_changed", "b is missing"))
    assert told == said
    assert caplog.messages == [f"ALERT {kind}: {news}" for kind, news in said]


def test_the_traceback_is_that_of_the_cause(alerts, tmp_path):
    try:
        raise OSError("cut") from ValueError("deeper")
    except OSError as error:
        alerts.call("connection", "no answer", error)
    told = content(tmp_path, "20260605_133000_connection.alert")["traceback"]
    assert told.startswith("ValueError: deeper\n")
    assert "test_alerts.py" in told
    assert told.endswith("OSError: cut\n")


def test_failures_of_batches_can_be_told_anew(alerts, tmp_path):
    alerts.failures_are(5)
    alerts.call("5_failures", "5 batches failed in a row")
    assert content(tmp_path, "20260605_133000_5_failures.alert")["consecutive_failures"] == 5


def test_an_alert_that_cannot_be_written_is_still_said(tmp_path, caplog):
    (tmp_path / "alerts").touch()
    alerts = Alerts(tmp_path / "alerts", lambda: HAPPENED_AT, STARTED_AT, 0)
    alerts.call("disk_full", "no space left")
    assert alerts.raised == ["disk_full"]
    assert caplog.messages[0] == "ALERT disk_full: no space left"
    assert caplog.messages[1].startswith("The alert file could not be written: ")
