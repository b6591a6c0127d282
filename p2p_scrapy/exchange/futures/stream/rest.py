"""``/fapi/v1/depth`` and ``/fapi/v1/aggTrades``, with the weight that each costs."""

from collections import defaultdict

from aiohttp import web

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.futures.stream.frames import refusal
from p2p_scrapy.exchange.futures.stream.source import Source, TooOldError

DEPTH_WEIGHTS = {5: 2, 10: 2, 20: 2, 50: 2, 100: 5, 500: 10, 1000: 20}
TRADES_WEIGHT = 20
WEIGHT_LIMIT = 2400
_MOST_TRADES = 1000
_MINUTE = 60


class FuturesRest:
    """Answers, refuses as the service does, and counts weight a client and minute."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._used: defaultdict[tuple[str, int], int] = defaultdict(int)

    def routes(self) -> list[web.RouteDef]:
        """Where they are found."""
        return [
            web.get("/fapi/v1/depth", self._depth),
            web.get("/fapi/v1/aggTrades", self._trades),
        ]

    async def _depth(self, request: web.Request) -> web.Response:
        limit = _whole(request.query.get("limit", "500"))
        if limit not in DEPTH_WEIGHTS:
            return self._refuse(request, 1, -4021, f"'{limit}' is not valid depth limit.")
        body = self._source.depth(request.query.get("symbol", ""), limit)
        return self._answer(request, DEPTH_WEIGHTS[limit], body)

    async def _trades(self, request: web.Request) -> web.Response:
        limit = _whole(request.query.get("limit", "500"))
        if limit is None or not 1 <= limit <= _MOST_TRADES:
            return self._refuse(
                request, TRADES_WEIGHT, -1130, "Data sent for 'limit' is not valid."
            )
        from_id, since = (_whole(request.query.get(name, "")) for name in ("fromId", "startTime"))
        try:
            body = self._source.trades(request.query.get("symbol", ""), from_id, since, limit)
        except TooOldError:
            told = "Only the last 2 days of data is available."
            return self._refuse(request, TRADES_WEIGHT, -4166, told)
        return self._answer(request, TRADES_WEIGHT, body)

    def _answer(self, request: web.Request, weight: int, body: bytes | None) -> web.Response:
        if body is None:
            return self._refuse(request, weight, -1121, "Invalid symbol.")
        return self._weighed(request, weight, web.Response(body=body))

    def _refuse(self, request: web.Request, weight: int, code: int, told: str) -> web.Response:
        return self._weighed(request, weight, web.Response(body=refusal(code, told), status=400))

    def _weighed(self, request: web.Request, weight: int, answer: web.Response) -> web.Response:
        now = self._clock.now()
        minute = (request.remote or "", int(now // _MINUTE))
        self._used[minute] += weight
        if self._used[minute] > WEIGHT_LIMIT:
            told = (
                f"Too many requests; current limit is {WEIGHT_LIMIT} request weight per 1 MINUTE."
            )
            answer = web.Response(body=refusal(-1003, told), status=429)
            answer.headers["Retry-After"] = str(int(_MINUTE - now % _MINUTE) + 1)
        answer.content_type = "application/json"
        answer.headers["X-MBX-USED-WEIGHT-1M"] = str(self._used[minute])
        return answer


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
