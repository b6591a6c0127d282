import base64

import pytest
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import HtmlResponse, JsonResponse

from p2p_scrapy.browser.fetching import failure_of, question_of, response_of


@pytest.fixture
def request_():
    return Request(
        "https://p2p.example/api",
        method="POST",
        body=b'{"fiat":"VES"}',
        headers={"Content-Type": "application/json"},
        meta={"download_timeout": 2.5},
    )


def test_a_question_is_the_request(request_):
    assert question_of(request_) == {
        "url": "https://p2p.example/api",
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "body": '{"fiat":"VES"}',
        "timeout": 2500,
    }


def test_a_request_without_a_body_has_none():
    request = Request("https://p2p.example/", meta={"download_timeout": 1})
    assert question_of(request)["body"] is None


def told(body, *headers, status=200):
    return {"status": status, "headers": headers, "body": base64.b64encode(body).decode()}


def test_a_response_is_what_came_to_the_byte(request_):
    body = b'{"data":"\xff\xfe\x00"}'
    headers = (["content-type", "application/json"], ["retry-after", "42"])
    response = response_of(request_, told(body, *headers, status=429))
    assert isinstance(response, JsonResponse)
    assert (response.status, response.body, response.url) == (429, body, request_.url)
    assert response.headers["Retry-After"] == b"42"


def test_headers_of_the_transfer_are_left_out_since_the_body_is_decoded(request_):
    headers = (["content-encoding", "gzip"], ["content-length", "3"], ["content-type", "text/html"])
    response = response_of(request_, told(b"<html>", *headers))
    assert isinstance(response, HtmlResponse)
    assert list(response.headers) == [b"Content-Type"]


@pytest.mark.parametrize(
    ("failed", "reason", "kind"),
    [
        ("timeout", "net::ERR_ABORTED", DownloadTimeoutError),
        ("body", "net::ERR_CONTENT_LENGTH_MISMATCH", ResponseDataLossError),
        ("head", "net::ERR_CONNECTION_REFUSED", DownloadConnectionRefusedError),
        ("head", "net::ERR_NAME_NOT_RESOLVED", CannotResolveHostError),
        ("head", "net::ERR_TIMED_OUT", DownloadTimeoutError),
        ("head", "net::ERR_PROXY_CONNECTION_FAILED", DownloadConnectionRefusedError),
        ("head", "net::ERR_INVALID_AUTH_CREDENTIALS", TunnelError),
        ("head", "net::ERR_TUNNEL_CONNECTION_FAILED", TunnelError),
        ("head", "net::ERR_EMPTY_RESPONSE", DownloadFailedError),
        ("head", "", DownloadFailedError),
    ],
)
def test_a_failure_is_what_scrapy_calls_it(request_, failed, reason, kind):
    error = failure_of(request_, {"failed": failed, "words": "TypeError: Failed to fetch"}, reason)
    assert type(error) is kind
    assert (reason or "Failed to fetch") in str(error) or failed == "timeout"


def test_a_proxy_that_wants_another_account_is_told_by_its_status(request_):
    told_ = {"failed": "head", "words": ""}
    assert "407" in str(failure_of(request_, told_, "net::ERR_INVALID_AUTH_CREDENTIALS"))


def test_a_timeout_names_the_address_and_the_limit(request_):
    error = failure_of(request_, {"failed": "timeout", "words": ""}, "")
    assert str(error) == "Getting https://p2p.example/api took longer than 2.5 seconds."
