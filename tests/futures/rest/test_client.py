import asyncio
from collections import Counter

import pytest

from p2p_scrapy.futures.rest import RefusedError, RestClient, RestError

TOO_OLD = b'{"code":-4166,"msg":"Search window is restricted to recent 48 hours."}'


def caught(work):
    """Ask, and hand over what went wrong."""

    async def run(client):
        with pytest.raises(RestError) as error:
            await work(client)
        return error.value

    return run


def depth(client):
    return client.depth("BTCUSDT", 1000)


def test_a_body_is_given_as_it_came(ask, answering):
    answering(200, b'{"lastUpdateId":1 }')
    assert ask(depth) == b'{"lastUpdateId":1 }'


def test_what_is_asked_is_what_the_exchange_names(ask, service):
    async def both(client):
        await client.depth("牛来USDT", 500)
        await client.trades("BTCUSDT", 3404749954)
        await client.first_trade("BTCUSDT", 1788220800000)

    ask(both)
    assert [asked[1:] for asked in service.asked] == [
        ("/fapi/v1/depth", {"symbol": "牛来USDT", "limit": "500"}),
        ("/fapi/v1/aggTrades", {"symbol": "BTCUSDT", "fromId": "3404749954", "limit": "1000"}),
        ("/fapi/v1/aggTrades", {"symbol": "BTCUSDT", "startTime": "1788220800000", "limit": "1"}),
    ]


def test_no_minute_sees_more_than_its_weight(ask, service):
    async def many(client):
        for _ in range(300):
            await depth(client)

    ask(many)
    assert Counter(at for at, _, _ in service.asked) == {0: 120, 60: 120, 120: 60}


def test_cheap_questions_cost_little(ask, service):
    async def many(client):
        await asyncio.gather(*(client.depth("BTCUSDT", 20) for _ in range(1200)))

    ask(many)
    assert service.asked[-1][0] == 0


def test_what_others_spend_at_the_same_address_counts(ask, service, answering):
    answering(200, X_MBX_USED_WEIGHT_1M="2400")

    async def two(client):
        await depth(client)
        await depth(client)

    ask(two)
    assert [at for at, _, _ in service.asked] == [0, 60]


def test_what_we_have_counted_is_not_counted_again(ask, service, answering):
    answering(200, X_MBX_USED_WEIGHT_1M="20")

    async def many(client):
        for _ in range(120):
            await depth(client)

    ask(many)
    assert service.asked[-1][0] == 0


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"Retry_After": "7"}, 7),
        (418, {"Retry_After": "600"}, 600),
        (429, {}, 60),
        (403, {}, 60),
        (418, {}, 120),
    ],
)
def test_who_is_told_to_wait_waits_with_everything(ask, service, answering, status, headers, pause):
    answering(status, b"<html>busy</html>", **headers)

    async def two(client):
        await caught(depth)(client)
        answering(200)
        await client.trades("BTCUSDT", 1)

    ask(two)
    assert [at for at, _, _ in service.asked] == [0, pause]


def test_pauses_that_nobody_measures_grow_until_an_answer_comes(ask, service, answering):
    answering(429)

    async def several(client):
        for _ in range(3):
            await caught(depth)(client)
        answering(200)
        await depth(client)
        answering(429)
        await caught(depth)(client)
        answering(200)
        await depth(client)

    ask(several)
    times = [at for at, _, _ in service.asked]
    assert times == [0, 60, 180, 420, 420, 480]


@pytest.mark.parametrize("status", [400, 404, 451])
def test_what_is_refused_for_good_is_told_apart(ask, answering, status):
    answering(status, TOO_OLD)
    error = ask(caught(depth))
    assert isinstance(error, RefusedError)
    assert error.code == -4166
    assert f"answered HTTP {status} Search window is restricted" in str(error)


def test_a_refusal_need_not_say_why(ask, answering):
    answering(400, b"<html>no</html>")
    error = ask(caught(depth))
    assert isinstance(error, RefusedError)
    assert error.code is None


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_what_may_pass_may_be_asked_again(ask, service, answering, status):
    answering(status, b"<html>oops</html>")

    async def again(client):
        error = await caught(depth)(client)
        answering(200, b"[]")
        return error, await depth(client)

    error, body = ask(again)
    assert not isinstance(error, RefusedError)
    assert body == b"[]"
    assert [at for at, _, _ in service.asked] == [0, 0]


def test_an_answer_that_is_cut_off_is_none(ask, service):
    async def cut():
        raise ConnectionResetError

    service.answer = cut
    assert isinstance(ask(caught(depth)), RestError)


def test_nobody_there_is_said_with_the_address(service):
    async def run():
        client = RestClient("http://127.0.0.1:9", service.clock, 5.0)
        try:
            return await caught(depth)(client)
        finally:
            await client.close()

    assert "http://127.0.0.1:9/fapi/v1/depth gave no answer" in str(asyncio.run(run()))


def test_a_silent_service_is_waited_for_so_long(ask, service):
    def forever():
        return asyncio.Event().wait()

    async def impatient(client):
        hasty = RestClient(client._base_url, service.clock, 0.05)
        try:
            return await caught(depth)(hasty)
        finally:
            await hasty.close()

    service.answer = forever
    assert "gave no answer: " in str(ask(impatient))


def test_a_client_that_never_asked_can_be_closed(service):
    asyncio.run(RestClient("http://127.0.0.1:9", service.clock, 5.0).close())
