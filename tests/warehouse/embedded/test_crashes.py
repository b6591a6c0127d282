"""kill -9 of whatever can be killed, and what the next start makes of it."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from p2p_scrapy.warehouse.embedded import EmbeddedServer
from p2p_scrapy.warehouse.embedded.account import Account

LONG = "SELECT count(*) FROM generate_series(1, 6000000)"
"""A second or two of pure computing, in which a backend does not notice that it is alone."""


@pytest.fixture
def crash(postmaster):
    def kill():
        os.kill(pid := postmaster(), signal.SIGKILL)
        while postmaster() == pid:
            time.sleep(0.01)

    return kill


def test_killed_server_without_clients(client, data_dir, ask, crash):
    left = client().joined()
    ask(left.dsn, "CREATE TABLE kept AS SELECT 1 AS n")
    left.kill()
    crash()
    with EmbeddedServer(data_dir) as server:
        assert ask(server.dsn, "SELECT n FROM kept") == 1


def test_killed_server_is_started_again_by_its_client(data_dir, ask, crash, postmaster):
    with EmbeddedServer(data_dir) as server:
        ask(server.dsn, "CREATE TABLE kept AS SELECT 1 AS n")
        crash()
        server.start()
        assert ask(server.dsn, "SELECT n FROM kept") == 1
    assert postmaster() is None


def test_start_waits_for_orphans(data_dir, ask, crash):
    def compute():
        with suppress(psycopg2.OperationalError):
            ask(server.dsn, LONG)

    with EmbeddedServer(data_dir) as server:
        ask(server.dsn, "CREATE TABLE kept AS SELECT 1 AS n")
        session = threading.Thread(target=compute)
        session.start()
        while not ask(server.dsn, f"SELECT count(*) FROM pg_stat_activity WHERE query = '{LONG}'"):
            time.sleep(0.01)
        crash()
        with EmbeddedServer(data_dir) as other:
            assert not session.is_alive()
            assert ask(other.dsn, "SELECT n FROM kept") == 1
        session.join()


def test_client_killed_while_the_cluster_is_made(client, data_dir, ask):
    maker = client()
    _wait_for(data_dir / ".postgres.new" / "base")
    maker.kill()
    assert not (data_dir / "postgres").exists()
    _start(data_dir, ask)


def test_all_killed_while_the_cluster_is_made(client, data_dir, ask):
    maker = client()
    unfinished = data_dir / ".postgres.new"
    _wait_for(unfinished / "base")
    maker.kill()
    for pid in _mentioning(unfinished):
        os.kill(pid, signal.SIGKILL)
    assert not (data_dir / "postgres").exists()
    assert unfinished.exists()
    _start(data_dir, ask)


def test_pid_file_that_names_a_living_stranger(data_dir, ask):
    account = Account.for_new_cluster()
    with EmbeddedServer(data_dir):
        pass
    user = {"user": account.uid, "group": account.gid} if account.is_another else {}
    with subprocess.Popen(["sleep", "60"], **user) as stranger:
        pid_file = data_dir / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n1\n5432\n/nowhere\n\n1 1\nready\n")
        with EmbeddedServer(data_dir) as server:
            assert ask(server.dsn) == 1
        assert stranger.poll() is None
        stranger.kill()


def test_hung_server_is_stopped(data_dir, monkeypatch, postmaster):
    """It does not hear the fast shutdown; the immediate one is heard when it goes on."""
    monkeypatch.setattr(
        "p2p_scrapy.warehouse.embedded.running.STOPS",
        ((signal.SIGINT, 0.2), (signal.SIGQUIT, 20.0)),
    )
    server = EmbeddedServer(data_dir).start()
    pid = postmaster()
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.5, os.kill, (pid, signal.SIGCONT)).start()
    server.stop()
    assert postmaster() is None


def _start(data_dir, ask):
    with EmbeddedServer(data_dir) as server:
        assert ask(server.dsn) == 1
    assert not (data_dir / ".postgres.new").exists()


def _wait_for(path):
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def _mentioning(path):
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if os.fsencode(path) in command.read_bytes():
                yield int(command.parent.name)
