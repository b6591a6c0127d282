"""What is sent to a pushgateway; tests/operations/test_pushgateway.py has a real one."""

import base64
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from p2p_scrapy.watch.metrics import gateway
from p2p_scrapy.watch.metrics.gateway import GatewayError


@contextmanager
def listening(status):
    """A server that answers every PUT with a status, and what it was sent."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.path, dict(self.headers), body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", came
        finally:
            server.shutdown()
            thread.join()


def test_everything_is_put_as_one_group():
    with listening(200) as (place, came):
        gateway.push(f"http://{place}", "metrics\n")
        gateway.push(f"http://{place}/behind", "metrics\n")
    (path, headers, body), (behind, _, _) = came
    assert (path, behind) == ("/metrics/job/p2p_scrapy", "/behind/metrics/job/p2p_scrapy")
    assert body == b"metrics\n"
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "Authorization" not in headers


def test_user_and_password_go_as_a_header():
    with listening(200) as (place, came):
        gateway.push(f"http://me:h%40sh@{place}", "metrics\n")
    assert came[0][1]["Authorization"] == f"Basic {base64.b64encode(b'me:h@sh').decode()}"


@pytest.mark.parametrize("status", [401, 503])
def test_a_gateway_that_refuses_is_named_without_the_password(status):
    with listening(status) as (place, _), pytest.raises(GatewayError, match=str(status)) as caught:
        gateway.push(f"http://me:hush@{place}", "metrics\n")
    assert place in str(caught.value)
    assert "hush" not in str(caught.value)
    assert "me:" not in str(caught.value)


def test_a_gateway_that_is_away():
    with listening(200) as (place, _):
        pass
    with pytest.raises(GatewayError, match="Connection refused"):
        gateway.push(f"http://me:hush@{place}", "metrics\n")
