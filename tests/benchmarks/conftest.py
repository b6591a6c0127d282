"""A course of three markets, a lake of them, and a server for warehouses."""

import shutil
import tempfile
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from benchmarks.contenders import CENSUS, data_dir
from benchmarks.exchange import running_exchange
from benchmarks.pages import bodies_of
from benchmarks.trial import Course
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.embedded import EmbeddedServer

NUMBERS = count(1)


def execute(dsn, *statements):
    """Run statements that no transaction may hold."""
    with closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        for statement in statements:
            connection.cursor().execute(statement)


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    with running_exchange("--markets", "3", "--ads", "90") as exchange:
        book = exchange.book()
        yield Course(exchange, book, list(bodies_of(book)), tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def lake(course, tmp_path_factory):
    """A lake that holds one batch of the course's markets."""
    folder = tmp_path_factory.mktemp("lake") / "data"
    with course.errand() as errand:
        course.run(CENSUS, errand, latency=0.0)
        return data_dir(errand).rename(folder)


@pytest.fixture(scope="session")
def server():
    """A server in a folder that its user can enter, which forgets what a power cut would cost."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    folder.chmod(0o755)
    with EmbeddedServer(folder / "data") as running:
        execute(running.dsn, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield running
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_warehouse(server):
    """Connect to an empty database of its own."""

    @contextmanager
    def connect():
        name = f"benchmark_{next(NUMBERS)}"
        execute(server.dsn, f"CREATE DATABASE {name}")
        with connected(make_dsn(server.dsn, dbname=name)) as connection:
            yield connection

    return connect
