"""The search: a page of a market, and whatever is wrong with it."""

from collections.abc import Sequence

import msgspec
from aiohttp import web

from p2p_scrapy.exchange.alterations import alter
from p2p_scrapy.exchange.deliveries import as_json, deliver
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.fault_kinds import ALTERATIONS, DELIVERIES, MOVING_ADS, REFUSALS
from p2p_scrapy.exchange.page import EMPTY
from p2p_scrapy.exchange.paths import SEARCH_PATH, TRAP_PATH
from p2p_scrapy.exchange.query import SearchQuery, read_query
from p2p_scrapy.exchange.refusals import refuse


class Search:
    """``adv/search``, and the path beside it that answers no ads (a probe of 2026-10-11)."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Where it is found."""
        return [
            web.post(SEARCH_PATH, self._answer),
            web.get(SEARCH_PATH, self._get),
            web.post(TRAP_PATH, self._trap),
        ]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        query = read_query(await request.read())
        kinds = self._exchange.troubles.strike_search(query.market)
        if not kinds:
            return as_json(self._exchange.service.search(query))
        for kind in kinds:
            self._exchange.tally.faulted(kind)
        return await self._answer_badly(request, query, kinds)

    async def _answer_badly(
        self, request: web.Request, query: SearchQuery, kinds: Sequence[str]
    ) -> web.StreamResponse:
        if kinds[0] in REFUSALS:
            return refuse(kinds[0])
        if MOVING_ADS in kinds:
            self._exchange.stir(query.market)
        body = self._altered(query, [kind for kind in kinds if kind in ALTERATIONS])
        delivery = next((kind for kind in kinds if kind in DELIVERIES), None)
        if delivery is None:
            return as_json(body)
        return await deliver(request, body, delivery, self._exchange.options.slow_seconds)

    def _altered(self, query: SearchQuery, kinds: list[str]) -> bytes:
        body = self._exchange.service.search(query)
        if not kinds:
            return body
        before = self._page_before(query)
        return alter(body, kinds, page=query.page, previous=before, rng=self._exchange.rng)

    def _page_before(self, query: SearchQuery) -> bytes | None:
        if query.page == 1:
            return None
        return self._exchange.service.search(msgspec.structs.replace(query, page=query.page - 1))

    async def _get(self, _request: web.Request) -> web.StreamResponse:
        return refuse("bad400")

    async def _trap(self, _request: web.Request) -> web.StreamResponse:
        return as_json(EMPTY)
