"""The profile's seconds go to the part of the code that spends them."""

from benchmarks.inside import look_inside
from benchmarks.process import PROJECT
from benchmarks.time_shares import LAKE, REST, WAITING, sum_by_part


def test_sums_up_by_part_and_gives_built_in_time_to_the_caller():
    engine = ("/lib/site-packages/scrapy/core/engine.py", 1, "crawl")
    reading = (f"{PROJECT}/p2p_scrapy/binance/reading.py", 1, "page")
    parquet = (f"{PROJECT}/p2p_scrapy/lake/parquet.py", 1, "write_table")
    other = ("/lib/python3.11/json/decoder.py", 1, "decode")
    decode, poll = ("~", 0, "<built-in decode>"), ("~", 0, "<method 'poll' of 'select.epoll'>")
    profile = {
        engine: (1, 1, 2.0, 9.0, {}),
        reading: (1, 1, 1.0, 2.0, {engine: (1, 1, 1.0, 2.0)}),
        parquet: (1, 1, 0.5, 0.5, {}),
        other: (1, 1, 0.25, 0.25, {}),
        decode: (2, 2, 1.5, 1.5, {reading: (1, 1, 1.0, 1.0), engine: (1, 1, 0.5, 0.5)}),
        poll: (1, 1, 3.0, 3.0, {engine: (1, 1, 3.0, 3.0)}),
    }
    assert sum_by_part(profile) == {
        "engine (Scrapy, Twisted, asyncio)": 2.5,
        "decoding": 2.0,
        LAKE: 0.5,
        REST: 0.25,
        WAITING: 3.0,
    }


def test_looks_inside_a_real_run(course):
    inside = look_inside(course)
    assert inside.bytes_per_row > 0
    assert inside.time_shares["decoding"] > 0
    assert list(inside.time_shares.values()) == sorted(inside.time_shares.values(), reverse=True)
