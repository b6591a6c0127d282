"""Where a question is asked from: a page, opened by somebody, through some proxy."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any, Self

from scrapy import Request

BROWSER_KEY = "playwright"
"""request.meta, scrapy-playwright's own word: true where a request goes by the browser."""


@dataclass(frozen=True, slots=True)
class Place:
    """The page that a request says it comes from, its referer, is the one that is really open.

    ``proxy`` is an address without credentials; those are in ``user`` and ``password``.
    """

    page_url: str
    user_agent: str
    proxy: str | None = None
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.page_url} through {self.proxy}" if self.proxy else self.page_url

    @classmethod
    def of(cls, request: Request) -> Self:
        """Read a request as it comes to a download handler, past all middlewares."""
        user, _, password = _credentials(request).partition(":")
        return cls(
            _header(request, "Referer") or request.url,
            _header(request, "User-Agent"),
            request.meta.get("proxy"),
            user,
            password,
        )

    def context_options(self) -> dict[str, Any]:
        """What Playwright's browser context is made with."""
        options: dict[str, Any] = {}
        if self.user_agent:
            options["user_agent"] = self.user_agent
        if self.proxy:
            who = {"username": self.user, "password": self.password} if self.user else {}
            options["proxy"] = {"server": self.proxy, **who}
        return options


def _header(request: Request, name: str) -> str:
    return (request.headers.get(name) or b"").decode("latin-1")


def _credentials(request: Request) -> str:
    """``user:password``, as Scrapy's HttpProxyMiddleware has put them into a header."""
    _, _, encoded = _header(request, "Proxy-Authorization").partition(" ")
    try:
        return base64.b64decode(encoded).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
