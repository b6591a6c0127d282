"""``scrapy collect``: a batch every interval, in a time-lapse of 60."""

import json
import signal
from datetime import UTC, datetime, timedelta
from itertools import pairwise

LAPSE = "P2P_TIME_LAPSE=60"


def collect(scrapy_command, exchange, *more):
    settings = (f"P2P_BASE_URL={exchange.url}", "P2P_REQUESTS_PER_MINUTE=100000")
    given = [part for setting in settings for part in ("-s", setting)]
    return scrapy_command("collect", *given, *more)


def lines_until(process, text, times):
    seen = []
    for line in process.stderr:
        seen.append(line)
        times -= text in line
        if not times:
            return seen
    raise AssertionError("".join(seen))


def test_batches_start_one_interval_apart(scrapy_command, small_exchange, lake):
    process = collect(scrapy_command, small_exchange, "--interval", "300", "-s", LAPSE)
    seen = lines_until(process, "The batch completed", 3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    starts = [datetime.fromisoformat(m["started_at"]) for m in lake.manifests()]
    steps = [(b - a).total_seconds() for a, b in pairwise(starts)]
    # Ten per cent of jitter on either side, and a process that takes a second, a minute here, to
    # start; on a machine so busy that it takes several, slots are skipped, which is said.
    assert all(step >= 300 * 0.8 - 60 for step in steps), steps
    if not any("skipped" in line for line in seen):
        assert all(step <= 300 * 1.2 + 180 for step in steps), steps
    assert all(m["interval_seconds"] == 300 for m in lake.manifests())
    assert all(m["window"]["seconds"] == 225 for m in lake.manifests())


def test_a_restart_waits_for_the_rest_of_the_interval(scrapy_command, small_exchange, lake):
    lake.folder.mkdir()
    last = datetime.now(UTC) - timedelta(seconds=100)
    checkpoint = {"last_completed_snapshot": last.isoformat(), "version": "1.0"}
    (lake.folder / "checkpoint.json").write_text(json.dumps(checkpoint))
    process = collect(scrapy_command, small_exchange, "--interval", "600")
    (line,) = lines_until(process, "The next batch starts at", 1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    due = last + timedelta(seconds=600)
    assert f"{due:%H:%M:%S} UTC" in line
    assert process.returncode == 0
    assert lake.manifests() == []


def test_a_corrupt_checkpoint_starts_at_once(scrapy_command, small_exchange, lake):
    lake.folder.mkdir()
    (lake.folder / "checkpoint.json").write_text("{not json")
    process = collect(scrapy_command, small_exchange)
    lines_until(process, "The batch completed", 1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert lake.checkpoint()["total_snapshots"] == 1


def test_slots_are_skipped_while_a_batch_runs(scrapy_command, slow_exchange):
    endless = ("-s", "P2P_WINDOW_SECONDS=0")
    process = collect(scrapy_command, slow_exchange, "--interval", "30", "-s", LAPSE, *endless)
    seen = lines_until(process, "slots are skipped", 1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert sum("The batch completed" in line for line in seen) == 1


def test_settings_that_a_batch_refuses_end_the_daemon(scrapy):
    result = scrapy("collect", "-s", "P2P_SIDES=UP")
    assert result.returncode == 2
    assert "P2P_SIDES" in result.stderr
    assert "Traceback" not in result.stderr


def test_five_failed_batches_raise_the_failure_alert(scrapy, crawl_of, small_exchange, lake):
    small_exchange.adjust(faults=["error503=1", "discovery-down=1"])
    for _ in range(5):
        result = scrapy(*crawl_of(small_exchange, "-s", "P2P_TIME_LAPSE=1000"))
        assert result.returncode == 1
    assert lake.checkpoint()["consecutive_failures"] == 5
    alert = lake.alerts()["5_failures"]
    assert alert["consecutive_failures"] == 5
    assert set(alert) == {"timestamp", "error", "consecutive_failures", "traceback"}
    small_exchange.adjust(faults=[])
    assert scrapy(*crawl_of(small_exchange)).returncode == 0
    assert lake.checkpoint()["consecutive_failures"] == 0
