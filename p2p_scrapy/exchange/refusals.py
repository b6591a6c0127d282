"""Answers in place of the page: what a CDN, a firewall or a failing server says."""

import math
from collections.abc import Mapping
from email.utils import formatdate

from aiohttp import web

from p2p_scrapy.exchange.paths import SEARCH_PATH

_CLOUDFRONT = {"Server": "CloudFront", "X-Cache": "Error from cloudfront"}
_PAGE = (
    "<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'>\n<html><head>"
    "<title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n"
)
_P2P_PAGE = "/en/trade/all-payments/USDT"
_BUSY = '{"code":"100001","message":"system busy","messageDetail":null,"data":null,"success":false}'
_NULL = '{"code":"000000","message":null,"messageDetail":null,"data":null,"success":true}'


def refuse(kind: str) -> web.Response:
    """The answer of a fault that is one of REFUSALS, or a challenge to what is no browser."""
    if kind == "missing404":
        return not_found(SEARCH_PATH)
    if kind == "redirect307":
        return web.Response(status=307, headers={"Location": _P2P_PAGE})
    if kind in _JSON:
        status, text = _JSON[kind]
        return web.Response(status=status, text=text, content_type="application/json")
    return _html(*_HTML[kind])


def too_many(seconds: float, *, now: float, name_as: str) -> web.Response:
    """HTTP 429, body no JSON (a report of 2025-10-07).

    Args:
        seconds: the wait to name.
        now: the exchange's time, for a wait that is named as a date.
        name_as: none, seconds or date.
    """
    headers = {
        "none": {},
        "seconds": {"Retry-After": str(math.ceil(seconds))},
        "date": {"Retry-After": formatdate(math.ceil(now + seconds), usegmt=True)},
    }[name_as]
    return _html(429, "429 ERROR", "Too many requests. Request blocked.", headers)


def not_found(path: str) -> web.Response:
    """HTTP 404 of a path that does not exist: JSON without a code."""
    answer = {"status": 404, "error": "Not Found", "message": "No message available", "path": path}
    return web.json_response(answer, status=404)


def _html(
    status: int, title: str, text: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    page = _PAGE.format(title=title, text=text)
    every = _CLOUDFRONT | dict(headers or {})
    return web.Response(status=status, text=page, content_type="text/html", headers=every)


_HTML = {
    "html403": (403, "403 ERROR", "The request could not be satisfied. Request blocked."),
    "challenge": (403, "Checking your browser", "Open the page with JavaScript to go on."),
    "captcha405": (405, "Human Verification", "Please solve the captcha to go on."),
    "captcha": (200, "Human Verification", "Please solve the captcha to go on."),
    "teapot418": (418, "418", "Your address is banned for too many requests."),
    "country451": (451, "451", "Service unavailable from a restricted location."),
    "error500": (500, "500 Internal Server Error", "Tengine"),
    "error502": (502, "502 Bad Gateway", "Tengine"),
    "error503": (503, "503 Service Temporarily Unavailable", "Tengine"),
}
_JSON = {
    "bad400": (400, '{"status":400,"error":"Bad Request"}'),
    "business-error": (200, _BUSY),
    "null-data": (200, _NULL),
}
