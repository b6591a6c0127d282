"""Every expression of the operations dashboard has data, from metrics that a real collector wrote.

Prometheus scrapes the collector's own file as it stood after a good batch, and then as it stood
after more of them and one in trouble: refused, slow, with bad ads and without its database.
"""

import asyncio
import math
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from tests.operations.dashboards import dashboard, targets, with_variables
from tests.operations.prometheus import running_prometheus
from tests.postgres import forgetful_server

BOARD = dashboard("operations")
ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy/prometheus/rules.yml"
COMPLETED, FAILED = 0, 1
NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"
LAPSE = 30
"""Exchange seconds in a real one, so that a refused batch does not wait for minutes."""
TROUBLES = ["renamed-keys=1"]
JOB = {"job": "p2p"}
QUESTIONS = {
    f"{panel['title']} {target['refId']}": (panel, target) for panel, target in targets(BOARD)
}


class Page:
    """A page of metrics that changes, and how often it was read since."""

    def __init__(self, text):
        self._text = text
        self._reads = 0
        self._changed = threading.Condition()

    def show(self, text):
        with self._changed:
            self._text, self._reads = text, 0

    def read(self):
        with self._changed:
            self._reads += 1
            self._changed.notify_all()
            return self._text

    def wait_for_reads(self, number):
        with self._changed:
            assert self._changed.wait_for(lambda: self._reads >= number, timeout=60)


@contextmanager
def served(page):
    """The page at /metrics of a server of its own: its host and port."""
    loop, ready, address = asyncio.new_event_loop(), threading.Event(), []

    async def answer(_request):
        return web.Response(text=page.read())

    async def start():
        application = web.Application()
        application.router.add_get("/metrics", answer)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address.append("{}:{}".format(*runner.addresses[0]))
        return runner

    def live():
        runner = loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=live)
    thread.start()
    ready.wait()
    yield address[0]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """What the collector wrote after a good batch, and after another one and one in trouble."""
    folder = tmp_path_factory.mktemp("collector") / "data"
    options = ExchangeOptions(
        fiats=("VES", "BOB"), ads=400, retry_after="seconds", time_lapse=LAPSE
    )
    with forgetful_server() as server, running_exchange(options) as exchange:
        settings = {"P2P_BASE_URL": exchange.url, "P2P_DATA_DIR": str(folder)}
        settings |= {"DATABASE_URL": server.dsn, "P2P_REQUESTS_PER_MINUTE": "100000"}
        assert batch(settings) == COMPLETED
        before = written(folder)
        assert batch(settings) == COMPLETED
        exchange.adjust(faults=TROUBLES, limit=20)
        assert batch(settings | {"DATABASE_URL": NOBODY, "P2P_TIME_LAPSE": str(LAPSE)}) == FAILED
    return before, written(folder)


def batch(settings):
    """Take a batch as a person would; its exit code."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("P2P_")}
    command = [sys.executable, "-m", "scrapy", "crawl", "binance_p2p", "-L", "ERROR"]
    return subprocess.run(
        command, cwd=ROOT, env=ours | settings, timeout=100, check=False
    ).returncode


def written(folder):
    return (folder / "metrics/p2p.prom").read_text("utf-8")


@pytest.fixture(scope="module")
def prometheus(states, tmp_path_factory):
    """A Prometheus that has seen the collector well, and then in trouble; no rule waits there."""
    folder = tmp_path_factory.mktemp("prometheus")
    before, after = states
    page = Page(before)
    with served(page) as address, running_prometheus(folder, address, [at_once(folder)]) as running:
        page.wait_for_reads(2)
        page.show(after)
        page.wait_for_reads(2)
        running.wait_for("count_over_time(p2p_alerts_standing[1m]) >= 2")
        running.wait_for(QUESTIONS["Alerts of Prometheus A"][1]["expr"])
        yield running


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_expression_has_data(question, prometheus):
    panel, target = QUESTIONS[question]
    samples = prometheus.query(with_variables(target["expr"], JOB))
    assert samples
    assert all(math.isfinite(float(value)) for _, value in samples), samples
    for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
        assert all(labels.get(label) for labels, _ in samples), panel["title"]
    assert len(samples) == 1 or target["legendFormat"] != "__auto" or panel["type"] == "table"


def at_once(folder):
    """The project's own rules, without the time that they wait before they fire."""
    rules = re.sub(r"for: \w+", "for: 0s", RULES.read_text("utf-8"))
    path = folder / "rules.yml"
    path.write_text(rules)
    return path


def value_of(prometheus, title, **labels):
    """What a panel's first expression says, of these labels."""
    expression = with_variables(QUESTIONS[f"{title} A"][1]["expr"], JOB)
    (value,) = [float(value) for told, value in prometheus.query(expression)
                if labels.items() <= told.items()]  # fmt: skip
    return value


def test_the_trouble_is_seen(prometheus):
    assert value_of(prometheus, "Last batch") == 3
    assert value_of(prometheus, "Alerts standing") >= 2
    assert value_of(prometheus, "Batches waiting") == 1
    assert value_of(prometheus, "Alerts of the last batch", kind="database_lost") == 1
    assert value_of(prometheus, "Alerts of Prometheus", alertname="P2PBatchFailed") == 1
    assert value_of(prometheus, "Errors by kind", error_type="rate_limited") > 0
    assert value_of(prometheus, "Refused ads by reason", reason="no_surplus") > 0
    assert value_of(prometheus, "Refusals for asking too fast (429)", lane="direct") > 0


def test_the_variable_offers_the_job(prometheus):
    (variable,) = BOARD["templating"]["list"]
    metric, label = re.fullmatch(
        r"label_values\((\w+), (\w+)\)", variable["query"]["query"]
    ).groups()
    assert prometheus.api(f"label/{label}/values", **{"match[]": metric}) == [JOB["job"]]
