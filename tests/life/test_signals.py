"""SIGTERM and SIGINT: the batch ends in order."""

import signal
import time

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange


@pytest.fixture
def long_exchange():
    """Many markets and a round trip: a batch that takes about ten seconds."""
    with running_exchange(ExchangeOptions(markets=300, ads=900, latency=0.5)) as exchange:
        yield exchange


def read_until(process, text):
    for line in process.stderr:
        if text in line:
            return line
    raise AssertionError(f"{text!r} was never said")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_batch_as_partial(
    number, scrapy_command, crawl_of, long_exchange, lake
):
    process = scrapy_command(*crawl_of(long_exchange))
    read_until(process, " | spread= ")
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    (manifest,) = lake.manifests()
    assert process.returncode == 3
    assert "Traceback" not in err
    assert manifest["status"] == "partial"
    assert manifest["stopped"] == number.name
    assert manifest["unread"]
    assert manifest["completeness"] is None  # what was never asked has no known size
    assert manifest["partial"] == manifest["failed"] == 0  # what had begun was finished
    assert sum(manifest["ads"].values()) == len(lake.ads()) > 0
    assert lake.journals() == []


def test_a_signal_in_the_middle_of_discovery_is_no_failure(
    scrapy_command, crawl_of, long_exchange, lake
):
    process = scrapy_command(*crawl_of(long_exchange))
    while not long_exchange.requests()["discovery"]:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    (manifest,) = lake.manifests()
    assert (process.returncode, manifest["status"], manifest["stopped"]) == (
        3,
        "partial",
        "SIGTERM",
    )
    assert lake.checkpoint()["consecutive_failures"] == 0


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05])
def test_a_signal_before_the_batch_has_begun_is_no_traceback(
    delay, scrapy_command, crawl_of, long_exchange, lake
):
    """Scrapy still has the signals for a moment when the journal stands; or they are ours."""
    process = scrapy_command(*crawl_of(long_exchange))
    while not lake.journals():
        assert process.poll() is None
        time.sleep(0.001)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in {1, 3}
    assert "Traceback" not in err
    if process.returncode == 1:
        assert "stopped by a signal before it had begun" in err


def test_the_daemon_ends_with_0_and_its_batch_in_order(scrapy_command, long_exchange, lake):
    process = scrapy_command(
        "collect", "--interval", "600", "-s", f"P2P_BASE_URL={long_exchange.url}",
        "-s", "P2P_REQUESTS_PER_MINUTE=100000",
    )  # fmt: skip
    read_until(process, " | spread= ")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    (manifest,) = lake.manifests()
    assert process.returncode == 0
    assert "Traceback" not in err
    assert (manifest["status"], manifest["stopped"]) == ("partial", "SIGTERM")
    assert sum(manifest["ads"].values()) == len(lake.ads()) > 0


def test_a_second_signal_closes_the_batch_as_it_stands(scrapy_command, scrapy, crawl_of, lake):
    with running_exchange(ExchangeOptions(markets=60, ads=900, latency=0.2)) as exchange:
        process = scrapy_command(*crawl_of(exchange, "-s", "P2P_REQUESTS_PER_MINUTE=60"))
        read_until(process, " | spread= ")
        process.send_signal(signal.SIGTERM)
        read_until(process, "open sweeps are finished")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert scrapy(*crawl_of(exchange, "-a", "fiats=VND")).returncode == 0
    first, second = lake.manifests()
    assert (first["status"], second["status"]) == ("partial", "completed")
    assert first["stopped"] == "SIGTERM"
    assert all(shortfall["error"] for shortfall in first["shortfalls"])
