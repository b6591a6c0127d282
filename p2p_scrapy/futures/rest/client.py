"""Questions to the futures' REST service that stand beside the streams.

Bodies are given as they came, so that a journal can keep them and a recovery decode them alike.
"""

from collections.abc import Mapping
from http import HTTPStatus

import aiohttp
import msgspec
from multidict import CIMultiDictProxy

from p2p_scrapy.binance.answers import retry_after
from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.rest.errors import RefusedError, RestError
from p2p_scrapy.futures.rest.weight import WeightBudget

TRADES_LIMIT = 1000
"""The most trades that one answer has."""
_TRADES_WEIGHT = 20
_DEPTH_WEIGHTS: Mapping[int, int] = {5: 2, 10: 2, 20: 2, 50: 2, 100: 5, 500: 10, 1000: 20}

_PAUSES: Mapping[int, float] = {
    HTTPStatus.TOO_MANY_REQUESTS: 60.0,
    HTTPStatus.FORBIDDEN: 60.0,
    HTTPStatus.IM_A_TEAPOT: 120.0,
}
"""Seconds where no Retry-After says them, doubled with every one in a row; a ban (418) takes two
minutes at least, and three days at most."""
_LONGEST_PAUSE = 3 * 86_400.0


class _Refusal(msgspec.Struct):
    """The body of an answer that is none: ``{"code":-1121,"msg":"Invalid symbol."}``."""

    code: int | None = None
    msg: str = ""


class RestClient:
    """Asks within the weight budget of one address; made inside a running loop, or before it."""

    def __init__(self, base_url: str, clock: Clock, timeout_seconds: float) -> None:
        self._base_url = base_url
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None
        self._budget = WeightBudget(clock)
        self._pauses_in_a_row = 0

    async def trades(self, symbol: str, from_id: int) -> bytes:
        """Up to TRADES_LIMIT aggregate trades from one on (inclusive), of the last 48 hours.

        Raises:
            RefusedError: they cannot be had, for instance because they are older.
            RestError: no answer for now.
        """
        asked = {"symbol": symbol, "fromId": str(from_id), "limit": str(TRADES_LIMIT)}
        return await self._ask("/fapi/v1/aggTrades", asked, _TRADES_WEIGHT)

    async def first_trade(self, symbol: str, since: int) -> bytes:
        """The first aggregate trade from a moment on (ms since 1970), in a list, if there is one.

        Raises:
            RefusedError: it cannot be had, for instance because the moment is too long ago.
            RestError: no answer for now.
        """
        asked = {"symbol": symbol, "startTime": str(since), "limit": "1"}
        return await self._ask("/fapi/v1/aggTrades", asked, _TRADES_WEIGHT)

    async def depth(self, symbol: str, limit: int) -> bytes:
        """A snapshot of a book with up to ``limit`` levels a side: 5, 10, 20, 50, 100, 500, 1000.

        Raises:
            RefusedError: it cannot be had, for instance because there is no such symbol.
            RestError: no answer for now.
        """
        asked = {"symbol": symbol, "limit": str(limit)}
        return await self._ask("/fapi/v1/depth", asked, _DEPTH_WEIGHTS[limit])

    async def close(self) -> None:
        """Let go of the connections; call it when nothing is being asked any more."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, path: str, asked: dict[str, str], weight: int) -> bytes:
        await self._budget.spend(weight)
        try:
            status, headers, body = await self._get(path, asked)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            what = str(error) or type(error).__name__
            raise RestError(f"{self._base_url}{path} gave no answer: {what}") from error
        finally:
            self._budget.settle(weight)
        self._learn(headers.get("X-MBX-USED-WEIGHT-1M", ""))
        if status == HTTPStatus.OK:
            self._pauses_in_a_row = 0
            return body
        raise self._trouble(path, status, headers.get("Retry-After"), body)

    async def _get(
        self, path: str, asked: dict[str, str]
    ) -> tuple[int, CIMultiDictProxy[str], bytes]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        async with self._session.get(self._base_url + path, params=asked) as answer:
            return answer.status, answer.headers, await answer.read()

    def _learn(self, used: str) -> None:
        if used.isdecimal():
            self._budget.learn(int(used))

    def _trouble(self, path: str, status: int, told: str | None, body: bytes) -> RestError:
        refusal = _refusal(body)
        message = f"{self._base_url}{path} answered HTTP {status} {refusal.msg}".rstrip()
        if (pause := _PAUSES.get(status)) is not None:
            self._pause(retry_after(told, self._clock.now()), pause)
            return RestError(message)
        if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return RestError(message)
        return RefusedError(message, refusal.code)

    def _pause(self, told: float | None, first: float) -> None:
        seconds = first * 2**self._pauses_in_a_row if told is None else told
        self._pauses_in_a_row += 1
        self._budget.pause(min(seconds, _LONGEST_PAUSE))


def _refusal(body: bytes) -> _Refusal:
    try:
        return msgspec.json.decode(body, type=_Refusal)
    except ValueError:
        return _Refusal()
