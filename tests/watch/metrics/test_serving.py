"""The two pages, over a real socket."""

import asyncio
import logging
import re
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from scrapy.settings import BaseSettings

from p2p_scrapy.clock import SystemClock
from p2p_scrapy.config import Config
from p2p_scrapy.watch.metrics.serving import PortError, serving
from p2p_scrapy.watch.metrics.state import State


def fetch(url):
    try:
        with urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def served(tmp_path, caplog):
    """What is answered at a path."""

    def ask(path, port="0"):
        given = {"P2P_DATA_DIR": str(tmp_path), "P2P_METRICS_PORT": port, "DATABASE_URL": "none"}
        config = Config.from_settings(BaseSettings(given))

        async def asked():
            async with serving(config, SystemClock()):
                url = re.search(r"Metrics at (http://\S+)/metrics", caplog.text)[1]
                return await asyncio.to_thread(fetch, f"{url}{path}")

        with caplog.at_level(logging.INFO):
            return asyncio.run(asked())

    return ask


def test_metrics_before_any_batch(served):
    assert served("/metrics") == (200, State().render())


def test_a_damaged_file_is_said(served, tmp_path):
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics/p2p.prom").write_text("half a li")
    status, text = served("/metrics")
    assert status == 503
    assert text.startswith("the metrics cannot be read, the next batch begins them anew: ")


def test_health_before_any_batch(served):
    status, text = served("/health")
    assert status == 503
    assert '"health": "unhealthy"' in text


def test_a_place_that_is_not_ours(served):
    with pytest.raises(PortError, match=r"P2P_METRICS_PORT: 203.0.113.1:9410 cannot be listened"):
        served("/metrics", port="203.0.113.1:9410")
