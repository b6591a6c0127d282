import asyncio

import pytest

from p2p_scrapy.census.time_limit import TimeLimit


@pytest.mark.parametrize(
    ("window", "looks_end", "books_end"),
    [(600, 420, 535), (450, 270, 385), (300, 180, 255), (10, 6, 8.5)],
)
def test_the_moments_of_a_window(clock, window, looks_end, books_end):
    clock.seconds = 1000.0
    limit = TimeLimit(window, clock)
    assert (limit.looks_end, limit.books_end, limit.end, limit.last) == (
        1000 + looks_end,
        1000 + books_end,
        1000 + window,
        1030 + window,
    )


def test_a_moment_is_reached_when_it_has_come(clock):
    limit = TimeLimit(450, clock)
    assert not limit.is_past(limit.looks_end)
    asyncio.run(limit.reach(limit.looks_end))
    assert limit.is_past(limit.looks_end)
    assert not limit.is_past(limit.end)
    asyncio.run(limit.reach(limit.end))
    assert clock.seconds == 450
    asyncio.run(limit.reach(limit.looks_end))
    assert clock.seconds == 450


def test_without_a_window_no_moment_ever_comes(clock):
    limit = TimeLimit(0, clock)
    clock.seconds = 1e9
    assert not any(limit.is_past(each) for each in (limit.looks_end, limit.end, limit.last))
    with pytest.raises(AssertionError, match="nothing will ever end this wait"):
        asyncio.run(limit.reach(limit.looks_end))
