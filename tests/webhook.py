"""A webhook: a server that keeps what it is sent."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread

PATIENCE = 60.0
"""Real seconds; an alert is to be there within a minute."""


class Webhook:
    """Answers with ``status``, or not at all while ``is_mute``; ``received`` is (path, JSON)."""

    def __init__(self):
        self.status = 200
        self.received = []
        self.pushes = 0
        self.is_mute = False
        self._ends = Event()
        self._news = Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.place = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.place}"

    def wait_for(self, wanted):
        """The first message for which ``wanted(path, body)`` is true."""

        def found():
            return [body for path, body in self.received if wanted(path, body)]

        with self._news:
            assert self._news.wait_for(found, PATIENCE), self.received
            return found()[0]

    def _take(self, path, body):
        if self.is_mute:
            self._ends.wait()
        if self.status == 200:
            with self._news:
                self.received.append((path, json.loads(body)))
                self._news.notify_all()

    def _handler(webhook):  # noqa: N805 - the class within has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                webhook._take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(webhook.status)
                self.end_headers()
                self.wfile.write(b"ok")

            def do_PUT(self):  # as the pushgateway is sent metrics
                self.rfile.read(int(self.headers["Content-Length"]))
                webhook.pushes += 1
                self.send_response(webhook.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def run(self):
        self._server.serve_forever(poll_interval=0.05)

    def close(self):
        self._ends.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def webhook():
    """One on a free port."""
    running = Webhook()
    thread = Thread(target=running.run, name="webhook", daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.close()
        thread.join()
