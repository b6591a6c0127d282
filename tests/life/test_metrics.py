"""Metrics of whole crawls, each a process of its own."""

import json
import re
import shutil
import signal
import socket
import subprocess
import time
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from tests.metrics import Said, said_in


def until(condition, seconds=60):
    """Wait for something that another process does; there is no event to wait on."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def has_begun(folder):
    path = folder / "metrics/p2p.prom"
    return path.exists() and said_in(folder)("p2p_batch_status", status="running") == 1


@pytest.fixture
def said(lake):
    return lambda: said_in(lake.folder)


def books(lake):
    """Kept ads of all batches by market."""
    found = {}
    for ad in lake.ads():
        market = (ad["fiat"], ad["asset"], ad["trade_type"])
        found[market] = found.get(market, 0) + 1
    return found


def test_counters_go_on_over_three_one_off_jobs(scrapy, crawl_of, small_exchange, lake, said):
    for _ in range(3):
        assert scrapy(*crawl_of(small_exchange)).returncode == 0
    manifests, after = lake.manifests(), said()
    assert after("p2p_batches_total", status="completed") == 3
    assert after("p2p_batches_total", status="failed") == 0
    assert after("p2p_batch_duration_seconds_count") == 3
    assert after.by("p2p_offers_extracted_total", "fiat", "crypto", "trade_type") == books(lake)
    sent = sum(manifest["requests"]["sent"] for manifest in manifests)
    assert after("p2p_api_requests_total", lane="direct", outcome="ok") == sent
    assert after("p2p_api_requests_total", lane="direct", outcome="rate_limited") == 0
    assert after("p2p_api_request_duration_seconds_count") == sent
    assert after("p2p_active_workers") == 0
    assert after("p2p_batch_status", status="completed") == 1
    assert after("p2p_batch_status", status="running") == 0
    ended = datetime.fromisoformat(manifests[-1]["ended_at"])
    assert after("p2p_last_completed_batch_timestamp_seconds") == ended.timestamp()
    assert after("p2p_lane_budget_requests_per_minute", lane="direct") == 100_000
    assert after("p2p_data_completeness_ratio") == 1
    assert after("p2p_markets", verdict="complete") == 8


def test_promtool_has_nothing_to_say(scrapy, crawl_of, small_exchange, said):
    if (promtool := shutil.which("promtool")) is None:
        pytest.skip("promtool is absent; Debian has it in the package prometheus")
    scrapy(*crawl_of(small_exchange))
    done = subprocess.run(
        [promtool, "check", "metrics"],
        input=said().text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_troubles_are_counted_by_market_and_alerts_stand(
    scrapy, crawl_of, small_exchange, lake, said
):
    small_exchange.adjust(faults=["error503=1@VND/BTC"])
    fast = ("-s", f"P2P_TIME_LAPSE=1000@{datetime.now(UTC).isoformat()}")  # one clock for both
    assert scrapy(*crawl_of(small_exchange, *fast)).returncode == 3
    (manifest,), after = lake.manifests(), said()
    troubles = manifest["errors"]["server_error"]
    assert after.by("p2p_extraction_errors_total", "error_type", "fiat", "crypto") == {
        ("server_error", "VND", "BTC"): troubles
    }
    assert after("p2p_api_requests_total", lane="direct", outcome="server_error") == troubles
    assert after("p2p_batch_status", status="partial") == 1
    assert after("p2p_last_completed_batch_timestamp_seconds") is None
    assert after.by("p2p_alerts_standing", "kind") == {(k,): 1 for k in manifest["alerts"]}
    assert after("p2p_alerts_standing", kind="server_error") == 1
    small_exchange.adjust(faults=[])
    assert scrapy(*crawl_of(small_exchange, *fast)).returncode == 0
    assert said().by("p2p_alerts_standing", "kind") == {}
    assert said()("p2p_batch_status", status="partial") == 0
    assert said()("p2p_batches_total", status="partial") == 1


def test_a_sample_counts_for_requests_alone(scrapy, crawl_of, small_exchange, said):
    scrapy(*crawl_of(small_exchange))
    before = said()
    assert scrapy(*crawl_of(small_exchange, "-a", "max_pages=1")).returncode == 0
    after = said()
    assert after.total("p2p_api_requests_total") > before.total("p2p_api_requests_total")
    for name in ("batches_total", "offers_extracted_total", "last_batch_timestamp_seconds"):
        assert after.total(f"p2p_{name}") == before.total(f"p2p_{name}") > 0
    assert after("p2p_batch_start_timestamp_seconds") == before("p2p_batch_start_timestamp_seconds")


def test_a_killed_batch_is_counted_by_the_next_start(scrapy, scrapy_command, crawl_of, lake, said):
    with running_exchange(ExchangeOptions(markets=40, ads=400, latency=4)) as exchange:
        process = scrapy_command(*crawl_of(exchange))
        until(lambda: has_begun(lake.folder))
        # The second writing, 15 s after the first, finds questions on the wire.
        until(lambda: said()("p2p_batch_elapsed_seconds") >= 14)
        assert said()("p2p_active_workers") > 0
        until(lambda: any(path.stat().st_size > 10_000 for path in lake.journals()))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed = said()
        assert killed("p2p_batch_status", status="running") == 1
        heard = killed("p2p_api_requests_total", lane="direct", outcome="ok")
        assert heard > 0
        exchange.adjust(latency=0.0)
        assert scrapy(*crawl_of(exchange, "-a", "assets=USDT")).returncode == 0
    first, second = lake.manifests()
    assert (first["status"], first["stopped"]) == ("partial", "killed")
    after = said()
    assert after("p2p_batches_total", status="partial") == 1
    assert after("p2p_batches_total", status="completed") == 1
    assert after("p2p_batch_duration_seconds_count") == 2
    assert after("p2p_batch_status", status="running") == 0
    assert after("p2p_active_workers") == 0
    assert after("p2p_api_requests_total", lane="direct", outcome="ok") == (
        heard + second["requests"]["sent"]
    )


def test_the_load_of_the_warehouse(scrapy, crawl_of, small_exchange, open_folder):
    data = open_folder / "data"
    away = f"host={data}/nowhere user=me password=hush dbname=p2p"
    here = {"P2P_DATA_DIR": str(data)}
    assert scrapy(*crawl_of(small_exchange), **here, DATABASE_URL=away).returncode == 0
    lost = said_in(data)
    assert lost("p2p_db_write_errors_total") == 4
    assert lost("p2p_batches_waiting") == 1
    assert lost("p2p_last_load_ok") == 0
    assert lost("p2p_alerts_standing", kind="database_lost") == 1
    assert scrapy("backfill", **here, DATABASE_URL="").returncode == 0
    filled = said_in(data)
    assert filled("p2p_database_write_duration_seconds_count") == 1
    assert filled("p2p_batches_waiting") == 0
    assert filled("p2p_last_load_ok") == 1
    assert scrapy(*crawl_of(small_exchange), **here, DATABASE_URL="").returncode == 0
    after = said_in(data)
    assert after("p2p_database_write_duration_seconds_count") == 2
    assert after("p2p_db_write_errors_total") == 4
    assert after("p2p_batches_waiting") == 0
    health = scrapy("health", **here, DATABASE_URL="")
    assert health.returncode == 0, health.stdout
    assert "✓ database   the embedded server does not run just now; the last load" in health.stdout


def test_a_damaged_state_file_costs_a_warning(scrapy, crawl_of, small_exchange, lake, said):
    scrapy(*crawl_of(small_exchange))
    (lake.folder / "metrics/p2p.prom").write_text(said().text[:1000])
    done = scrapy(*crawl_of(small_exchange))
    assert done.returncode == 0
    assert done.stderr.count("p2p.prom is damaged") == 1
    assert "Traceback" not in done.stderr
    assert said()("p2p_batches_total", status="completed") == 1
    assert len((lake.folder / "metrics/p2p.damaged").read_text()) == 1000


def test_a_gateway_that_is_away_is_one_warning(scrapy, crawl_of, small_exchange, lake):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"http://me:hush@127.0.0.1:{port}"
    done = scrapy(*crawl_of(small_exchange), P2P_PUSHGATEWAY_URL=url)
    assert done.returncode == 0
    log = (lake.folder / "logs/p2p.log").read_text()
    assert log.count("pushgateway") == done.stderr.count("pushgateway") == 1
    written = [path.read_bytes() for path in lake.folder.rglob("*") if path.is_file()]
    assert not any(b"hush" in text for text in written)
    assert "hush" not in done.stdout + done.stderr


def fetch(url):
    try:
        with urlopen(url, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_the_daemon_is_scraped(scrapy_command, crawl_of, lake):
    with running_exchange(ExchangeOptions(markets=8, ads=400, latency=0.3)) as exchange:
        settings = crawl_of(exchange)[2:]
        daemon = scrapy_command("collect", *settings, "-s", "P2P_METRICS_PORT=0")
        seen = ""
        while not (found := re.search(r"Metrics at (http://\S+)/metrics", seen)):
            seen += daemon.stderr.readline()
        url = found[1]
        assert fetch(f"{url}/health")[0] == 503
        until(lambda: Said(fetch(f"{url}/metrics")[2])("p2p_batch_status", status="running") == 1)
        while "The batch completed" not in seen:
            seen += daemon.stderr.readline()
        status, headers, text = fetch(f"{url}/metrics")
        assert status == 200
        assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert text == (lake.folder / "metrics/p2p.prom").read_text()
        assert Said(text)("p2p_batches_total", status="completed") == 1
        status, headers, text = fetch(f"{url}/health")
        assert (status, headers.get_content_type()) == (200, "application/json")
        document = json.loads(text)
        assert (document["health"], document["exit_code"]) == ("healthy", 0)
        assert fetch(f"{url}/elsewhere")[0] == 404
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=60)
    assert daemon.returncode == 0


def test_a_port_that_is_taken_is_said_at_the_start(scrapy, lake):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        done = scrapy("collect", P2P_METRICS_PORT=place)
    assert done.returncode == 2
    said = f"scrapy collect: setting P2P_METRICS_PORT: {place} cannot be listened at: "
    assert done.stderr.splitlines()[-1].startswith(said)
    assert "Traceback" not in done.stderr
    assert lake.manifests() == []
