"""What the client says where something else answers; the rest is seen on a real scrapyd."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from p2p_scrapy.scrapyd_api import Scrapyd, ScrapydError, stored


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.body.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<html>", r"127\.0\.0\.1:\d+ answers with status 200 and no JSON; is that scrapyd\?"),
        ('{"message": "Traceback\\nImportError: x"}', r"refuses: ImportError: x$"),
        ('{"status": "error"}', r"refuses: no reason given$"),
    ],
)
def test_another_answer_is_a_line_that_says_so(server, body, told):
    server.body = body
    secrets = {"SCRAPYD_USERNAME": "ann", "SCRAPYD_PASSWORD": "hidden"}
    scrapyd = Scrapyd(f"http://127.0.0.1:{server.server_port}/", "p2p_scrapy", secrets)
    with pytest.raises(ScrapydError) as refused:
        scrapyd.versions()
    assert re.search(told, str(refused.value))
    assert "hidden" not in str(refused.value)


def test_a_version_is_stored_under_a_name_without_dots():
    assert stored("20261121164218.0.1.0+g887e690") == "20261121164218_0_1_0_g887e690"
