"""``scrapy health`` as a command: what is said, and the exit code."""

import json

import pytest


def test_before_any_batch(scrapy, tmp_path):
    done = scrapy("health")
    assert done.returncode == 1
    assert "✗ freshness  no batch was completed yet; at most 30 min 00 s may pass" in done.stdout
    assert f"✗ folder     there is no folder {tmp_path / 'data'}" in done.stdout
    assert done.stdout.splitlines()[-1] == "unhealthy"
    assert not (tmp_path / "data").exists()


def test_as_json(scrapy):
    done = scrapy("health", "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert (document["health"], document["exit_code"]) == ("unhealthy", 1)
    assert document["checks"]["database"] == {
        "mark": "good",
        "said": "switched off (DATABASE_URL is none)",
    }
    assert list(document["checks"]) == ["freshness", "batch", "database", "folder"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["now"], "now is no option; see scrapy health -h"),
        (["-s", "P2P_INTERVAL_SECONDS=soon"], "P2P_INTERVAL_SECONDS is 'soon'"),
    ],
)
def test_what_is_wrong_is_exit_code_2(scrapy, given, said):
    done = scrapy("health", *given)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
