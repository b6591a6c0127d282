import json
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from p2p_scrapy.binance import answers
from p2p_scrapy.binance.answers import (
    ApiChangedError,
    BlockedError,
    BrokenJsonError,
    BusinessError,
    ChallengedError,
    CountryRefusedError,
    ExchangeError,
    LinkError,
    PageLostError,
    ProxyRefusedError,
    RateLimitedError,
    ServerError,
    TimeoutAnswerError,
)
from p2p_scrapy.errors import P2PError

GOOD = b'{"code":"000000","message":null,"messageDetail":null,"data":[],"total":7,"success":true}'


def body(**changes) -> bytes:
    answer = {"code": "000000", "message": None, "data": [1], "total": 7, "success": True}
    return json.dumps(answer | changes).encode()


@pytest.fixture
def read(now):
    def read_answer(content=GOOD, status=200, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return answers.read(status, named, content, now)

    return read_answer


def test_a_good_answer_gives_its_data_undecoded_and_its_total(read):
    envelope = read(b' {"success": true, "data": [ {"adv":1.10} ], "code":"000000","total":41}')
    assert bytes(envelope.data) == b'[ {"adv":1.10} ]'
    assert envelope.total == 41


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, RateLimitedError, "rate_limited"),
        (403, ChallengedError, "blocked"),
        (418, BlockedError, "blocked"),
        (202, ChallengedError, "blocked"),
        (451, CountryRefusedError, "country_refused"),
        (400, ApiChangedError, "api_changed"),
        (401, ApiChangedError, "api_changed"),
        (404, ApiChangedError, "api_changed"),
        (405, ChallengedError, "blocked"),
        (201, ApiChangedError, "api_changed"),
        (300, ChallengedError, "blocked"),
        (301, ChallengedError, "blocked"),
        (307, ChallengedError, "blocked"),
        (399, ChallengedError, "blocked"),
        (500, ServerError, "server_error"),
        (502, ServerError, "server_error"),
        (503, ServerError, "server_error"),
        (599, ServerError, "server_error"),
    ],
)
def test_statuses(read, status, error, kind):
    with pytest.raises(ExchangeError, match=f"HTTP {status}") as caught:
        read(status=status)
    assert type(caught.value) is error
    assert caught.value.kind == kind


@pytest.mark.parametrize("status", [201, 400, 401, 404, 410])
def test_a_page_of_html_is_a_challenge_with_a_status_that_says_nothing_else(read, status):
    with pytest.raises(ChallengedError, match=f"HTTP {status}") as caught:
        read(b"\n<!DOCTYPE html>", status=status, retry_after="30")
    assert caught.value.retry_after == 30.0
    with pytest.raises(ApiChangedError):
        read(b'{"message":"No message available"}', status=status)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (407, ProxyRefusedError),
        (418, BlockedError),
        (429, RateLimitedError),
        (451, CountryRefusedError),
        (500, ServerError),
        (503, ServerError),
    ],
)
def test_a_page_of_html_alters_nothing_of_a_status_that_has_a_meaning(read, status, error):
    with pytest.raises(ExchangeError) as caught:
        read(b"<html>", status=status)
    assert type(caught.value) is error


def test_no_status_but_200_is_good(read):
    for status in (*range(100, 200), *range(201, 600)):
        with pytest.raises(ExchangeError, match=f"HTTP {status}"):
            read(status=status)


@pytest.mark.parametrize("start", [b"<html>", b"\n  <!DOCTYPE html>", b"<"])
def test_a_page_of_html_blocks_and_may_say_for_how_long(read, start):
    with pytest.raises(ChallengedError, match="a page of HTML") as caught:
        read(start, retry_after="30")
    assert (type(caught.value), caught.value.retry_after) == (ChallengedError, 30.0)


def test_json_cut_short_anywhere_is_broken(read):
    for at in range(len(GOOD)):
        with pytest.raises(BrokenJsonError, match=f"the answer of {at} bytes is not whole JSON"):
            read(GOOD[:at])


@pytest.mark.parametrize(
    "content",
    [b"[]", b"null", b'"text"', b"1", b"\x00", b"\xff\xfe", b'{"code":"\xff"}', GOOD + b"}"],
)
def test_what_is_no_envelope_is_broken(read, content):
    with pytest.raises(BrokenJsonError):
        read(content)


@pytest.mark.parametrize("success", [False, None, 1, "true"])
def test_without_success_the_exchange_declined(read, success):
    with pytest.raises(BusinessError, match="declined: code '000000', message 'no'"):
        read(body(success=success, message="no"))


@pytest.mark.parametrize("code", ["000002", "083932", None, 0, "", []])
def test_another_code_is_a_refusal(read, code):
    with pytest.raises(BusinessError, match="the exchange declined") as caught:
        read(body(code=code))
    assert f"code {code!r}" in str(caught.value)


def test_success_without_data(read):
    for content in (
        body(data=None),
        b'{"code":"000000","success":true}',
        b'{"code":"000000","success":true,"data": null }',
    ):
        with pytest.raises(BusinessError, match="success without data"):
            read(content)


@pytest.mark.parametrize("total", [1406, None, "7", 7.5, [7], 10**30])
def test_a_total_is_left_as_it_came(read, total):
    assert read(body(total=total)).total == total


def test_an_answer_without_a_total(read):
    assert read(b'{"code":"000000","success":true,"data":[]}').total is UNSET


def test_json_nested_beyond_measure_is_broken(read):
    with pytest.raises(BrokenJsonError):
        read(b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


@pytest.mark.parametrize("status", [429, 403, 418, 202])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("7", 7.0),
        ("2.5", 2.5),
        (" 12 ", 12.0),
        ("-5", 0.0),
        ("3600", 3600.0),
        ("3601", 3600.0),
        ("99999999999", 3600.0),
        ("inf", 3600.0),
        ("1e400", 3600.0),
        ("-inf", 0.0),
        ("nan", None),
        ("", None),
        ("soon", None),
        ("7 s", None),
        ("Fri, 05 Jun 2026 13:30:34 GMT", 29.5),
        ("Friday, 05-Jun-26 13:30:34 GMT", 29.5),
        ("Fri, 05 Jun 2026 15:30:34 +0200", 29.5),
        ("Fri, 05 Jun 2026 13:30:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Sat, 06 Jun 2026 13:30:00 GMT", 3600.0),
        ("Fri, 99 Jun 2026 13:30:34 GMT", None),
    ],
)
def test_retry_after(read, status, value, seconds):
    headers = {} if value is None else {"retry_after": value}
    with pytest.raises(BlockedError) as caught:
        read(status=status, **headers)
    assert caught.value.retry_after == seconds


def test_a_retry_after_date_is_told_from_the_given_now(now):
    told = format_datetime(now.replace(microsecond=0) + timedelta(seconds=90), usegmt=True)
    assert answers.retry_after(told, now.replace(microsecond=0)) == 90.0


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.integers().map(str) | st.floats().map(str))
def test_any_short_retry_after_is_seconds_of_an_hour_or_none(now, value):
    seconds = answers.retry_after(value, now)
    assert seconds is None or 0.0 <= seconds <= 3600.0


@pytest.mark.parametrize(
    "value",
    [
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
        "Wed, 21 Oct 2026 07:28:00 +99999999999999999999",
    ],
)
def test_a_retry_after_beyond_the_calendar_is_an_hour_at_most(now, value):
    assert answers.retry_after(value, now) in (None, 3600.0)


def test_every_trouble_is_an_exchange_error_with_a_kind_of_its_own():
    troubles = [
        LinkError,
        TimeoutAnswerError,
        BlockedError,
        RateLimitedError,
        CountryRefusedError,
        ApiChangedError,
        ServerError,
        PageLostError,
        BrokenJsonError,
        BusinessError,
    ]
    assert len({trouble.kind for trouble in troubles}) == len(troubles)
    assert all(issubclass(trouble, ExchangeError) for trouble in troubles)
    assert issubclass(ExchangeError, P2PError)
    assert issubclass(TimeoutAnswerError, LinkError)
    assert issubclass(RateLimitedError, BlockedError)
    assert issubclass(ChallengedError, BlockedError)
    assert ChallengedError.kind == BlockedError.kind
