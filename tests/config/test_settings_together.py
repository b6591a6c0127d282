"""Settings that must fit each other: the budget and its bounds, the lapse and the exchange."""

from datetime import UTC, datetime

import pytest

from p2p_scrapy.errors import SettingError
from p2p_scrapy.parsing import Lapse
from tests.config.given import read

START, LEAST, MOST = (f"P2P_REQUESTS_PER_MINUTE{end}" for end in ("", "_MIN", "_MAX"))


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [
        ({}, 10, 200),
        ({START: "1000000"}, 10, 1_000_000),
        ({START: "3"}, 3, 200),
        ({START: "7", MOST: "7"}, 7, 7),
        ({START: "300", LEAST: "300"}, 300, 300),
        ({LEAST: "100", MOST: "100"}, 100, 100),
    ],
)
def test_a_bound_of_the_budget_that_is_not_given_leaves_room_for_the_start(given, least, most):
    found = read(**given)
    assert (found.requests_per_minute_min, found.requests_per_minute_max) == (least, most)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({LEAST: "50", MOST: "40"}, f"{LEAST} is 50; it must be no more than {MOST}, which is 40"),
        ({LEAST: "300"}, f"{LEAST} is 300; it must be no more than {MOST}, which is 200"),
        ({LEAST: "150"}, f"{START} is 100; it must be from {LEAST}, which is 150, to {MOST}, "),
        ({START: "300", MOST: "200"}, f"{START} is 300; it must be from {LEAST}, which is 10, to"),
        ({START: "20", LEAST: "21"}, f"{START} is 20; it must be from {LEAST}, which is 21, to"),
    ],
)
def test_bounds_of_the_budget_that_leave_no_room_are_named(given, said):
    with pytest.raises(SettingError) as caught:
        read(**given)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000", "http://127.9.9.9"],
)
def test_time_may_lapse_against_an_exchange_on_this_machine(url):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    lapse = read(P2P_BASE_URL=url, P2P_TIME_LAPSE="60@2026-01-01T00:00:00Z").time_lapse
    assert lapse == Lapse(60.0, moment)


@pytest.mark.parametrize(
    "url",
    [
        "https://p2p.binance.com",
        "http://10.0.0.1:8000",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:8000",
    ],
)
def test_time_may_not_lapse_against_any_other_exchange(url):
    with pytest.raises(SettingError) as caught:
        read(P2P_BASE_URL=url, P2P_TIME_LAPSE="60")
    assert str(caught.value) == (
        "setting P2P_TIME_LAPSE is 60.0; it must be 1, except against an exchange on this machine"
    )
