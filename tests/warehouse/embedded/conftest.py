"""Real servers: a data folder for each test, and clients that are processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest

from p2p_scrapy.warehouse.embedded.place import ELSEWHERE, NAME
from p2p_scrapy.warehouse.embedded.processes import recorded_pid, servers_of

ROOT = Path(__file__).parents[3]
CLIENT = """
import sys
from pathlib import Path
from p2p_scrapy.warehouse.embedded import EmbeddedServer

with EmbeddedServer(Path(sys.argv[1])) as server:
    print(server.dsn, flush=True)
    sys.stdin.readline()
print("left", flush=True)
"""


@pytest.fixture
def outside():
    """A folder that the server's user can enter; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    folder.chmod(0o755)
    yield folder
    for cluster in {path.resolve() for path in folder.rglob(NAME)}:
        end(cluster)
        if cluster.parent == ELSEWHERE:
            remove_elsewhere(cluster)
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(outside):
    return outside / "data"


def end(cluster):
    for pid in servers_of(cluster):
        os.kill(pid, signal.SIGKILL)


def remove_elsewhere(cluster):
    shutil.rmtree(cluster, ignore_errors=True)
    for lock in cluster.parent.glob(f".{cluster.name}.*"):
        lock.unlink()


class Client:
    """A process that holds the server of a data folder until told to leave."""

    def __init__(self, data_dir, python=sys.executable, script=CLIENT, **options):
        self.process = subprocess.Popen(
            [python, "-c", script, str(data_dir)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def joined(self):
        self.dsn = self.process.stdout.readline().strip()
        if not self.dsn:
            pytest.fail(self.process.communicate()[1])
        return self

    def leave(self):
        out, err = self.process.communicate("\n", timeout=60)
        assert (out, err, self.process.returncode) == ("left\n", "", 0)

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def client(data_dir):
    """Start clients."""
    started = []

    def start(folder=data_dir, **options):
        started.append(Client(folder, **options))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.kill()


@pytest.fixture
def ask():
    """Run a statement over a connection of its own."""

    def run(dsn, statement="SELECT 1"):
        connection = psycopg2.connect(dsn)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else None
        finally:
            connection.close()

    return run


@pytest.fixture
def postmaster(data_dir):
    """The server's main process, None where none lives."""

    def find():
        cluster = (data_dir / NAME).resolve()
        pid = recorded_pid(cluster)
        return pid if pid in servers_of(cluster) else None

    return find
