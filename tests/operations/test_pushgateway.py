"""A real pushgateway holds what the state file says, and is told user and password."""

import socket
import subprocess
import time
import urllib.request
from base64 import b64encode
from contextlib import contextmanager

import pytest

from tests.metrics import Said, said_in
from tests.operations.chain import program
from tests.operations.prometheus import free_port

USERS = "basic_auth_users:\n  me: $2b$04$2m8voIlK6h89RDoqZL0CrePGMDd0t378Wr3/10vADwzG3gwb/QiZ6\n"
"""The password is ``h@sh``."""


@pytest.fixture
def gateway(tmp_path):
    """Start one; the block gets the host and port that it listens at."""
    path = program("prometheus-pushgateway", "prometheus-pushgateway")
    place = f"127.0.0.1:{free_port()}"
    log = tmp_path / "gateway.log"

    @contextmanager
    def start(*options):
        command = [path, f"--web.listen-address={place}", *options]
        with log.open("w") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:
            try:
                wait_for(place)
                yield place
            finally:
                process.kill()

    return start


def wait_for(place, seconds=30):
    host, _, port = place.partition(":")
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except OSError:
            assert time.monotonic() < end, "it does not listen"
            time.sleep(0.02)
        else:
            return


def held(place, **headers):
    request = urllib.request.Request(f"http://{place}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return Said(answer.read().decode())


def has_all_of(gateway, file):
    """Whether the gateway has every series of the file, with its value."""
    group = {"job": "p2p_scrapy", "instance": ""}
    return all(
        gateway(name, **dict(labels) | group) == value
        for (name, labels), value in file.values.items()
    )


def test_all_metrics_are_pushed(gateway, scrapy, crawl_of, small_exchange, lake):
    with gateway() as place:
        for _ in range(2):
            done = scrapy(*crawl_of(small_exchange), P2P_PUSHGATEWAY_URL=f"http://{place}")
            assert done.returncode == 0
            assert "pushgateway" not in done.stderr
            assert has_all_of(held(place), said_in(lake.folder))
        assert held(place).total("p2p_batches_total") == 2


def test_user_and_password_are_told(gateway, scrapy, crawl_of, small_exchange, lake, tmp_path):
    (tmp_path / "web.yml").write_text(USERS)
    with gateway(f"--web.config.file={tmp_path / 'web.yml'}") as place:
        done = scrapy(*crawl_of(small_exchange), P2P_PUSHGATEWAY_URL=f"http://me:h%40sh@{place}")
        account = b64encode(b"me:h@sh").decode()
        found = held(place, Authorization=f"Basic {account}")
        assert has_all_of(found, said_in(lake.folder))
        wrong = scrapy(*crawl_of(small_exchange), P2P_PUSHGATEWAY_URL=f"http://me:hush@{place}")
    assert "pushgateway" not in done.stderr
    assert (wrong.returncode, wrong.stderr.count("HTTP Error 401: Unauthorized")) == (0, 1)
    texts = [done.stderr, wrong.stderr, (lake.folder / "logs/p2p.log").read_text()]
    assert not any(word in text for text in texts for word in ("h@sh", "h%40sh", "hush"))
