"""The P2P page: what a person's browser opens, with the script that lets it in."""

from importlib import resources

from aiohttp import web

from p2p_scrapy.exchange.admission import ROUNDS
from p2p_scrapy.exchange.exchange import Exchange


class P2PPage:
    """``/en/trade/all-payments/USDT`` and its like, in any language."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._page = resources.files(__package__).joinpath("p2p_page.html").read_text("utf-8")

    def routes(self) -> list[web.RouteDef]:
        """Where it is found."""
        return [web.get("/{language}/trade/{what:.*}", self._open)]

    async def _open(self, _request: web.Request) -> web.Response:
        self._exchange.tally.page_opened()
        riddle = self._exchange.admission.riddle()
        page = self._page.replace("{riddle}", riddle).replace("{rounds}", str(ROUNDS))
        return web.Response(text=page, content_type="text/html")
