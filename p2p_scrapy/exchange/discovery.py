"""Discovery: what there is to search, and who placed it."""

import msgspec
from aiohttp import web

from p2p_scrapy.exchange.deliveries import as_json
from p2p_scrapy.exchange.envelope import IllegalParameterError
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.fault_kinds import DISCOVERY_DOWN
from p2p_scrapy.exchange.paths import (
    CONDITIONS_PATH,
    FIAT_LIST_PATH,
    PORTAL_PATH,
    PROFILE_PATH,
)
from p2p_scrapy.exchange.refusals import refuse


class _FiatBody(msgspec.Struct):
    fiat: str


class Discovery:
    """``fiat-list``, ``portal/config``, ``filter-conditions`` and the advertisers' profiles."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Where they are found."""
        return [
            web.post(FIAT_LIST_PATH, self._fiat_list),
            web.post(PORTAL_PATH, self._portal_config),
            web.post(CONDITIONS_PATH, self._filter_conditions),
            web.get(PROFILE_PATH, self._profile),
        ]

    async def _fiat_list(self, _request: web.Request) -> web.StreamResponse:
        return self._refusal(None) or as_json(self._exchange.service.fiat_list())

    async def _portal_config(self, request: web.Request) -> web.StreamResponse:
        fiat = await _fiat_of(request)
        return self._refusal(fiat) or as_json(self._exchange.service.portal_config(fiat))

    async def _filter_conditions(self, request: web.Request) -> web.StreamResponse:
        return as_json(self._exchange.service.filter_conditions(await _fiat_of(request)))

    async def _profile(self, request: web.Request) -> web.StreamResponse:
        return as_json(self._exchange.service.profile(request.query.get("userNo", "")))

    def _refusal(self, fiat: str | None) -> web.Response | None:
        if not self._exchange.troubles.strike_discovery(fiat):
            return None
        self._exchange.tally.faulted(DISCOVERY_DOWN)
        return refuse("error503")


async def _fiat_of(request: web.Request) -> str:
    try:
        return msgspec.json.decode(await request.read(), type=_FiatBody).fiat
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IllegalParameterError from error
