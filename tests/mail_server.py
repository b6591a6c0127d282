"""A mail server: as much of SMTP as a message takes."""

import email.policy
from contextlib import contextmanager
from email.parser import Parser
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class _Talk(StreamRequestHandler):
    def handle(self):
        self._say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper().rstrip()
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
            elif verb == b"EHLO":
                self._say("250-here", "250 AUTH PLAIN LOGIN")
                continue
            self._say("235 welcome" if verb == b"AUTH" else "250 ok")
            if verb == b"QUIT":
                return

    def _take(self):
        lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
        self.server.mails.append(Parser(policy=email.policy.default).parsestr("".join(lines)))

    def _say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class MailServer(ThreadingTCPServer):
    """Keeps what it is sent in ``mails``."""

    daemon_threads = True

    def __init__(self):
        self.mails = []
        super().__init__(("127.0.0.1", 0), _Talk)

    @property
    def port(self):
        return self.server_address[1]


@contextmanager
def mail_server():
    """One on a free port."""
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
