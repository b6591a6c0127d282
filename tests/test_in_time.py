import asyncio
import threading

import pytest

from p2p_scrapy.in_time import in_time


def test_the_result_of_the_work():
    names = []

    def work():
        names.append(threading.current_thread().name)
        return 5

    assert asyncio.run(in_time(work, 60, "counting")) == 5
    assert names == ["counting"]


def test_an_error_of_the_work():
    def work():
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        asyncio.run(in_time(work, 60, "losing"))


def test_work_that_takes_too_long_is_left_alone():
    enough = threading.Event()
    try:
        with pytest.raises(TimeoutError):
            asyncio.run(in_time(enough.wait, 0.01, "waiting"))
        (thread,) = (each for each in threading.enumerate() if each.name == "waiting")
        assert thread.daemon
    finally:
        enough.set()
    thread.join()
