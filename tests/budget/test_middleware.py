from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.middleware import LANE_KEY, MeterMiddleware


class StoppedClock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = 100.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def meter(clock):
    spider = SimpleNamespace(batch=SimpleNamespace(clock=clock))
    return MeterMiddleware.from_crawler(SimpleNamespace(spider=spider))


@pytest.fixture
def lane():
    lane = Lane("direct", 1)
    lane.pay(1)
    return lane


def test_an_answer_settles_its_request(meter, lane, clock):
    request = Request("https://p2p.binance.com/", meta={LANE_KEY: lane})
    response = Response("https://p2p.binance.com/", status=429)
    assert lane.window.free_at(1, clock.at) is None
    assert meter.process_response(request, response) is response
    assert lane.window.free_at(1, clock.at) == 160.0


def test_a_failure_settles_its_request(meter, lane, clock):
    request = Request("https://p2p.binance.com/", meta={LANE_KEY: lane})
    clock.at = 130.0
    assert meter.process_exception(request, OSError("cut")) is None
    assert lane.window.free_at(1, clock.at) == 190.0


def test_a_request_that_no_lane_paid_for_passes(meter):
    request = Request("https://p2p.binance.com/robots.txt")
    response = Response("https://p2p.binance.com/robots.txt")
    assert meter.process_response(request, response) is response
    assert meter.process_exception(request, OSError()) is None
