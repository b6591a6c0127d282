"""What is counted reaches the file, at once or later, and never stands in the way."""

import asyncio

import pytest
from scrapy.settings import BaseSettings

from p2p_scrapy.config import Config
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.publisher import Publisher
from p2p_scrapy.watch.metrics.state_file import StateFile


@pytest.fixture
def publisher(tmp_path):
    return Publisher(Config.from_settings(BaseSettings({"P2P_DATA_DIR": str(tmp_path)})))


def nothing(_state, _tally):
    pass


def test_counts_go_on_from_what_stands(publisher, tmp_path):
    for _ in range(3):
        publisher.tally.count(metrics.REFUSED, "no_price", by=2)
        assert asyncio.run(publisher.publish(nothing))
    assert StateFile(tmp_path).read().get(metrics.REFUSED, "no_price") == 6


def test_what_could_not_be_written_is_written_later(publisher, tmp_path, caplog):
    (tmp_path / "metrics").write_text("in the way")

    def change(_state, tally):
        tally.count(metrics.WRITE_ERRORS)  # of this writing alone

    for _ in range(3):
        publisher.tally.count(metrics.REFUSED, "no_price")
        assert not asyncio.run(publisher.publish(change))
    (line,) = caplog.messages
    assert line.startswith("Metrics: the metrics cannot be written, they wait: ")
    (tmp_path / "metrics").unlink()
    publisher.tally.count(metrics.REFUSED, "no_price")
    assert asyncio.run(publisher.publish(change))
    state = StateFile(tmp_path).read()
    assert state.get(metrics.REFUSED, "no_price") == 4
    assert state.get(metrics.WRITE_ERRORS) == 1


def test_without_a_gateway_nothing_is_sent(publisher, caplog):
    asyncio.run(publisher.publish(nothing))
    asyncio.run(publisher.push())
    assert caplog.messages == []
