from email.utils import parsedate_to_datetime

import pytest

from p2p_scrapy.exchange.limit import Limit


def test_lets_so_many_through_in_any_sixty_seconds():
    limit = Limit(2)
    assert [limit.wait("a", now) for now in (0.0, 30.0, 40.0)] == [0.0, 0.0, 20.0]
    assert limit.wait("b", 40.0) == 0.0
    assert limit.wait("a", 59.9) == pytest.approx(0.1)
    assert [limit.wait("a", now) for now in (60.0, 61.0)] == [0.0, 29.0]


def test_without_a_limit_all_pass():
    assert {Limit(0).wait("a", 0.0) for _ in range(100)} == {0.0}


def test_a_429_is_no_json_and_names_no_wait_by_default(open_exchange, clock):
    asker = open_exchange(clock, limit=2)
    assert [asker.search().status for _ in range(3)] == [200, 200, 429]
    refused = asker.search()
    assert refused.headers["Server"] == "CloudFront"
    assert refused.headers["X-Cache"] == "Error from cloudfront"
    assert refused.headers["Content-Type"].startswith("text/html")
    assert "Retry-After" not in refused.headers
    clock.time += 60
    assert asker.search().status == 200


def test_names_the_seconds_until_the_window_frees(open_exchange, clock):
    asker = open_exchange(clock, limit=1, retry_after="seconds")
    asker.search()
    clock.time += 18
    assert asker.search().headers["Retry-After"] == "42"


def test_names_a_wait_of_its_own_as_a_date(open_exchange, clock):
    asker = open_exchange(clock, limit=1, retry_after="date", retry_after_seconds=90)
    asker.search()
    named = parsedate_to_datetime(asker.search().headers["Retry-After"])
    assert named.timestamp() == clock.time + 90


def test_counts_each_forwarded_client_by_itself(open_exchange, clock):
    asker = open_exchange(clock, limit=1)
    path = "/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list"
    lanes = [{"X-Forwarded-For": lane} for lane in ("10.0.0.1", "10.0.0.2, 10.9.9.9", "10.0.0.2")]
    assert [asker.post(path, {}, **lane).status for lane in lanes] == [200, 200, 429]
    assert asker.exchange.requests()["busiest_minute_by_client"] == {"10.0.0.1": 1, "10.0.0.2": 2}
