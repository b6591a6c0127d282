"""What went wrong on the wire, in this project's own errors and words."""

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from p2p_scrapy.binance.answers import (
    WRONG_ACCOUNT,
    ExchangeError,
    LinkError,
    PageLostError,
    ProxyDownError,
    ProxyRefusedError,
    TimeoutAnswerError,
)
from p2p_scrapy.browser.chromium import BrowserError
from p2p_scrapy.proxies import Proxy

_UNREACHABLE = (DownloadConnectionRefusedError, CannotResolveHostError)


def trouble_of(error: BaseException | None, proxy: Proxy | None) -> ExchangeError:
    """The trouble that an exception of a download means; ``proxy`` is what it went through."""
    if isinstance(error, ExchangeError):
        return error
    if isinstance(error, BrowserError):
        return PageLostError(str(error))
    if isinstance(error, TunnelError):  # its own words are the proxy's answer
        if "407" in str(error):
            return ProxyRefusedError(f"{_name(proxy)}: {WRONG_ACCOUNT}")
        return ProxyDownError(f"{_name(proxy)} opens no way to the exchange: {error}")
    if proxy is not None and isinstance(error, _UNREACHABLE):
        return ProxyDownError(f"{_name(proxy)} cannot be reached: {_in_words(error)}")
    kind = TimeoutAnswerError if isinstance(error, DownloadTimeoutError) else LinkError
    return kind(_in_words(error))


def _name(proxy: Proxy | None) -> str:
    return f"proxy {proxy.name}" if proxy else "the proxy"


def _in_words(error: BaseException | None) -> str:
    """What went wrong, as a person would like to read it."""
    if isinstance(error, ResponseDataLossError):
        return "the answer was cut short"
    reasons = getattr(error.__cause__ if error else None, "reasons", ())
    told = ", ".join(str(reason.value) for reason in reasons) or str(error)
    return told.rstrip(".") or "no answer came"
