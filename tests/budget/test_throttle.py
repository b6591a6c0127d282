"""AutoThrottle guards against slow answers; while they are quick the rate is the budget's."""

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.settings import Settings

from p2p_scrapy import settings as project
from p2p_scrapy.config import Config

MOST_PER_MINUTE = Config.from_settings(Settings()).requests_per_minute_max


@pytest.fixture
def delay_after():
    """The delay of a lane's slot, in seconds, after a hundred answers of that latency."""
    settings = Settings()
    settings.setmodule(project)
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    throttle = AutoThrottle.__new__(AutoThrottle)
    throttle.target_concurrency = settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY")
    throttle.mindelay = settings.getfloat("DOWNLOAD_DELAY")
    throttle.maxdelay = settings.getfloat("AUTOTHROTTLE_MAX_DELAY")

    def run(latency):
        slot = Slot(16, settings.getfloat("AUTOTHROTTLE_START_DELAY"), 0)
        response = Response("http://x/", request=Request("http://x/"))
        for _ in range(100):
            throttle._adjust_delay(slot, latency, response)
        return slot.delay

    return run


@pytest.mark.parametrize("latency", [0.05, 0.3, 1.0, 3.0])
def test_quick_answers_leave_the_rate_to_the_budget(delay_after, latency):
    assert delay_after(latency) < 60.0 / MOST_PER_MINUTE


def test_answers_that_take_ten_seconds_slow_the_lane_down(delay_after):
    assert delay_after(10.0) > 60.0 / MOST_PER_MINUTE
