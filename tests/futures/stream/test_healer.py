"""What is asked for missing trades, and what comes of the answers."""

import asyncio
import json

import pytest

from p2p_scrapy.futures.rest import TOO_OLD, RefusedError, RestError
from p2p_scrapy.futures.stream.events import GivenUp, Healed
from p2p_scrapy.futures.stream.healer import TRIES, Healer
from p2p_scrapy.futures.stream.inbox import Inbox
from p2p_scrapy.futures.stream.moments import micros
from tests.futures.rest.conftest import LeapingClock

HOUR_MS = 3_600_000
REFUSED = RefusedError("only the last 2 days", TOO_OLD)


class Exchange:
    """Gives what it is made of: an answer, or an error, to a question by id and one by time."""

    def __init__(self, by_id, by_time=b""):
        self.by_id, self.by_time = by_id, by_time
        self.asked = []

    async def trades(self, symbol, from_id):
        self.asked.append((symbol, from_id))
        return self._give(self.by_id)

    async def first_trade(self, symbol, since):
        self.asked.append((symbol, since))
        return self._give(self.by_time)

    def _give(self, what):
        if isinstance(what, Exception):
            raise what
        return what


def trade(number):
    told = {"p": "1.0", "q": "1", "f": 1, "l": 1, "T": 1786171884471, "m": True}
    return json.dumps([{"a": number, **told}]).encode()


@pytest.fixture
def clock():
    return LeapingClock()


@pytest.fixture
def outcome(clock):
    """What comes of asking an exchange for the trades 10 to 15."""

    async def asked(exchange):
        inbox = Inbox()
        healer = Healer(exchange, inbox, clock)
        healer.want(("BTCUSDT", 10, 15))
        while not (events := inbox.take(0)):  # noqa: ASYNC110 - nothing tells of an event
            await asyncio.sleep(0)
        await healer.close()
        return events

    return lambda exchange: asyncio.run(asked(exchange))


def test_an_answer_is_passed_on(outcome, clock):
    exchange = Exchange(trade(10))
    assert outcome(exchange) == [Healed("BTCUSDT", trade(10), micros(clock.now()))]
    assert exchange.asked == [("BTCUSDT", 10)]


def test_of_trades_that_are_too_old_the_first_that_is_not_is_found(outcome, clock):
    exchange = Exchange(REFUSED, trade(13))
    assert outcome(exchange) == [GivenUp("BTCUSDT", 10, until=13)]
    (_, since) = exchange.asked[-1]
    ago = micros(clock.now()) // 1000 - since
    assert 47 * HOUR_MS < ago < 48 * HOUR_MS


@pytest.mark.parametrize(
    "by_time",
    [b"[]", b"<html>", REFUSED, trade(10)],
    ids=["nothing", "unreadable", "refused", "the one that was refused"],
)
def test_where_none_is_found_all_is_given_up(outcome, by_time):
    assert outcome(Exchange(REFUSED, by_time)) == [GivenUp("BTCUSDT", 10)]


def test_what_is_refused_for_another_reason_is_given_up_at_once(outcome):
    exchange = Exchange(RefusedError("no such symbol", -1121), trade(13))
    assert outcome(exchange) == [GivenUp("BTCUSDT", 10)]
    assert exchange.asked == [("BTCUSDT", 10)]


@pytest.mark.parametrize("by_id", [RestError("busy"), REFUSED])
def test_no_answer_is_asked_for_again(outcome, by_id):
    exchange = Exchange(by_id, RestError("busy"))
    assert outcome(exchange) == [GivenUp("BTCUSDT", 10)]
    assert exchange.asked.count(("BTCUSDT", 10)) == TRIES
