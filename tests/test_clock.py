import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from p2p_scrapy.clock import SystemClock, whole_second


def test_the_machines_clock_is_told_in_utc():
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_the_monotonic_clock_is_the_machines():
    before = time.monotonic()
    assert before <= SystemClock().monotonic() <= time.monotonic()


def test_a_lapse_runs_so_many_times_faster_from_its_origin():
    origin = datetime(2026, 1, 1, tzinfo=UTC)
    clock = SystemClock(10, origin)
    before = datetime.now(UTC)
    now = clock.now()
    after = datetime.now(UTC)
    assert origin + (before - origin) * 10 <= now <= origin + (after - origin) * 10
    earlier = time.monotonic()
    assert earlier * 10 <= clock.monotonic() <= time.monotonic() * 10


def test_clocks_of_one_origin_agree():
    origin = datetime.now(UTC) - timedelta(hours=1)
    one, other = SystemClock(60, origin), SystemClock(60, origin)
    assert one.now() <= other.now() <= one.now()


def test_a_lapse_counts_from_its_making_where_no_origin_is_given():
    before = datetime.now(UTC)
    clock = SystemClock(60)
    assert before <= clock.origin <= datetime.now(UTC)


@pytest.mark.parametrize("seconds", [None, 3600.0, 0.0])
def test_a_wait_ends_with_its_event(seconds):
    async def wait():
        event = asyncio.Event()
        event.set()
        await SystemClock().wait(event, seconds)
        return event.is_set()

    assert asyncio.run(wait())


def test_a_wait_ends_with_an_event_of_another_task():
    async def wait():
        event = asyncio.Event()
        asyncio.get_running_loop().call_soon(event.set)
        await SystemClock().wait(event, None)
        return event.is_set()

    assert asyncio.run(wait())


@pytest.mark.parametrize("seconds", [0.0, -5.0, 0.001])
def test_a_wait_ends_with_its_time(seconds):
    async def wait():
        event = asyncio.Event()
        await SystemClock().wait(event, seconds)
        return event.is_set()

    assert asyncio.run(wait()) is False


def test_a_wait_of_a_lapse_is_shorter_by_its_factor():
    async def wait():
        event = asyncio.Event()
        await SystemClock(1000).wait(event, 10.0)
        return event.is_set()

    assert asyncio.run(wait()) is False


def test_the_second_that_a_moment_lies_in():
    moment = datetime(2026, 6, 5, 13, 30, 59, 999_999, tzinfo=UTC)
    assert whole_second(moment) == datetime(2026, 6, 5, 13, 30, 59, tzinfo=UTC)
    assert whole_second(whole_second(moment)) == whole_second(moment)
