"""The checks, each good and bad, and what all of them come to."""

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.settings import BaseSettings

from items import Status
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.config import Config
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.watch.health.check import Mark
from p2p_scrapy.watch.health.looking import health
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.state_file import StateFile

NOW = datetime(2026, 6, 5, 14, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path):
    def read(**more):
        settings = {"P2P_DATA_DIR": str(tmp_path), "DATABASE_URL": "none"} | more
        return Config.from_settings(BaseSettings(settings))

    return read


@pytest.fixture
def ended(tmp_path, record):
    """A batch that ended so many seconds before NOW."""

    def end(seconds_ago, status=Status.COMPLETED, **more):
        given = record(status=status, **more)
        given.ended_at = NOW - timedelta(seconds=seconds_ago)
        given.started_at = given.ended_at - timedelta(seconds=100)
        manifest.write(given, BatchPaths(tmp_path, given.started_at).manifest)
        checkpoint = Checkpoint.load(tmp_path)
        if status is Status.COMPLETED:
            checkpoint.completed(given.started_at, 1, 2)
        checkpoint.save(tmp_path)

    return end


def checks(found):
    return {check.name: check for check in found.checks}


def test_all_is_well(config, ended, tmp_path):
    ended(242)
    found = health(config(), NOW)
    assert (found.exit_code, found.verdict) == (0, "healthy")
    lines = found.text().splitlines()
    assert lines[0] == (
        "✓ freshness  the last completed batch ended 2026-06-05 13:55:58 UTC, 4 min 02 s ago;"
        " at most 30 min 00 s may pass"
    )
    assert lines[1] == (
        "✓ batch      the last one is completed: 4 of 4 markets complete,"
        " completeness 100 %, coverage 50.00 %"
    )
    assert lines[2] == "✓ database   switched off (DATABASE_URL is none)"
    assert lines[3].startswith(f"✓ folder     {tmp_path} can be written, ")
    assert lines[4] == "healthy"


@pytest.mark.parametrize(("ago", "mark"), [(1800, Mark.GOOD), (1801, Mark.BAD)])
def test_three_intervals_are_fresh(config, ended, ago, mark):
    ended(ago)
    found = health(config(), NOW)
    assert checks(found)["freshness"].mark is mark
    assert checks(found)["freshness"].figures["age_seconds"] == ago
    assert found.exit_code == (0 if mark is Mark.GOOD else 1)


def test_the_interval_is_the_settings(config, ended):
    ended(200)
    assert health(config(P2P_INTERVAL_SECONDS="60"), NOW).exit_code == 1


def test_a_partial_batch_alone_is_3(config, ended):
    ended(700)
    ended(60, Status.PARTIAL, alerts=["blocked"], stopped="SIGTERM")
    found = health(config(), NOW)
    assert (found.exit_code, found.verdict) == (3, "partial")
    assert "✗ batch " in found.text()
    assert checks(found)["batch"].said.endswith("ended early: SIGTERM, alerts: blocked")


def test_a_partial_batch_and_nothing_completed_for_long_is_1(config, ended):
    ended(2000)
    ended(60, Status.PARTIAL)
    assert health(config(), NOW).exit_code == 1


def test_a_failed_batch_is_1(config, ended):
    ended(700)
    ended(60, Status.FAILED)
    found = health(config(), NOW)
    assert found.exit_code == 1
    assert checks(found)["freshness"].mark is Mark.GOOD
    assert checks(found)["batch"].mark is Mark.BAD


def test_nothing_yet(config):
    found = health(config(), NOW)
    assert found.exit_code == 1
    assert "no batch was completed yet" in found.text()
    assert "no batch has ended yet" in found.text()


def test_a_manifest_that_is_gone_leaves_the_start_of_the_batch(config, ended, tmp_path):
    ended(1000)
    (path,) = tmp_path.glob("raw/batches/**/*.json")
    path.unlink()
    assert checks(health(config(), NOW))["freshness"].figures["age_seconds"] == 1100


def test_a_manifest_that_cannot_be_read(config, ended, tmp_path):
    ended(1000)
    (path,) = tmp_path.glob("raw/batches/**/*.json")
    path.write_text("{}")
    assert "the last manifest cannot be read" in health(config(), NOW).text()


def test_a_folder_that_is_not_there_is_not_made(config, tmp_path):
    nowhere = tmp_path / "nowhere"
    found = health(config(P2P_DATA_DIR=str(nowhere)), NOW)
    assert checks(found)["folder"].said == f"there is no folder {nowhere}"
    assert not nowhere.exists()


def test_a_database_that_is_away(config, ended):
    ended(60)
    found = health(config(DATABASE_URL="host=/nowhere user=me password=hush dbname=p2p"), NOW)
    assert found.exit_code == 1
    assert "the database cannot be reached" in checks(found)["database"].said
    assert "hush" not in str(found.document())


@pytest.mark.parametrize(
    ("ok", "mark", "said"),
    [
        (None, Mark.GOOD, "and nothing was loaded yet"),
        (1, Mark.GOOD, "; the last load worked"),
        (0, Mark.BAD, "and the last load failed"),
    ],
)
def test_an_embedded_server_that_rests_is_not_started(config, ended, tmp_path, ok, mark, said):
    ended(60)
    StateFile(tmp_path).change(lambda state: state.set(metrics.LOAD_OK, ok))
    check = checks(health(config(DATABASE_URL=""), NOW))["database"]
    assert check.mark is mark
    assert said in check.said
    assert not (tmp_path / "postgres").exists()


def test_what_the_warehouse_lacks_is_told(config, ended, tmp_path):
    ended(60)
    StateFile(tmp_path).change(lambda state: state.set(metrics.LOAD_OK, 1))
    assert "not in it" not in checks(health(config(DATABASE_URL=""), NOW))["database"].said
    StateFile(tmp_path).change(lambda state: state.set(metrics.WAITING, 1))
    found = health(config(DATABASE_URL=""), NOW)
    check = checks(found)["database"]
    assert "; the last load worked; 1 closed batch is not in it (scrapy backfill" in check.said
    assert (check.figures["batches_waiting"], found.exit_code) == (1, 0)
