"""A request as a page's ``fetch()`` makes it, and what comes back as Scrapy knows it."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

FETCH = """
async ({url, method, headers, body, timeout}) => {
  let stage = "head";
  try {
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(
      url, {method, headers, body, signal, cache: "no-store", redirect: "manual"});
    stage = "body";
    const blob = await response.blob();
    const encoded = await new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    return {status, headers: [...response.headers], body: encoded};
  } catch (error) {
    return {failed: error.name === "TimeoutError" ? "timeout" : stage, words: String(error)};
  }
}
"""
"""The body travels as base64: to the byte, and no slower than text (120 pages/s of 69 kB).

A redirect is not followed: it would end at a page, and a POST become a GET. A script is told only
that it was one, so 302 stands for each.
"""

_OF_THE_TRANSFER = (b"content-encoding", b"content-length", b"transfer-encoding")
"""Headers that speak of the body as it was on the wire; the browser has decoded it."""


def _account_refused(words: str) -> TunnelError:
    """A proxy that wants another account, told by its status as Scrapy's own handler tells it."""
    return TunnelError(f"{words}, HTTP 407")


_ERRORS: Mapping[str, Callable[[str], Exception]] = {
    "ERR_CONNECTION_REFUSED": DownloadConnectionRefusedError,
    "ERR_PROXY_CONNECTION_FAILED": DownloadConnectionRefusedError,
    "ERR_INVALID_AUTH_CREDENTIALS": _account_refused,
    "ERR_TUNNEL_CONNECTION_FAILED": TunnelError,
    "ERR_NAME_NOT_RESOLVED": CannotResolveHostError,
    "ERR_CONNECTION_TIMED_OUT": DownloadTimeoutError,
    "ERR_TIMED_OUT": DownloadTimeoutError,
}
"""Chromium's words (net_error_list.h) that Scrapy has an exception for."""


Told = Mapping[str, Any]
"""What FETCH gives back."""


def question_of(request: Request) -> dict[str, Any]:
    """What FETCH is given.

    Headers that are the browser's own to send, Origin and Referer say, it sends by itself.
    """
    headers = {name.decode("latin-1"): b", ".join(v) for name, v in request.headers.items()}
    return {
        "url": request.url,
        "method": request.method,
        "headers": {name: value.decode("latin-1") for name, value in headers.items()},
        "body": request.body.decode("utf-8") or None,
        "timeout": request.meta["download_timeout"] * 1000,
    }


def response_of(request: Request, told: Told) -> Response:
    """The response in what FETCH gave back."""
    headers = Headers()
    for name, value in told["headers"]:
        if name.encode("latin-1") not in _OF_THE_TRANSFER:
            headers.appendlist(name, value)
    body = base64.b64decode(told["body"])
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    return kind(request.url, status=told["status"], headers=headers, body=body, request=request)


def failure_of(request: Request, told: Told, reason: str) -> Exception:
    """Scrapy's exception for a fetch that failed; ``reason`` is Chromium's, where it is known."""
    words = reason or told["words"]
    if told["failed"] == "timeout":
        return timed_out(request)
    return ResponseDataLossError(words) if told["failed"] == "body" else network_error(words)


def timed_out(request: Request) -> DownloadTimeoutError:
    """What Scrapy's own handlers raise, in their words."""
    limit = request.meta["download_timeout"]
    return DownloadTimeoutError(f"Getting {request.url} took longer than {limit} seconds.")


def network_error(words: str) -> Exception:
    """Scrapy's exception for what Chromium says of the network."""
    kind = next((kind for name, kind in _ERRORS.items() if name in words), DownloadFailedError)
    return kind(f"Chromium: {words}")
