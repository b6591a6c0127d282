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


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    with running_exchange("--markets", "3", "--ads", "90") as exchange:
        book = exchange.book()
        yield Course(exchange, book, list(bodies_of(book)), tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def lake(course):
    """A lake that holds one batch of the course's markets."""
    with course.errand() as errand:
        course.run(CENSUS, errand, latency=0.0)
        yield data_dir(errand)


@pytest.fixture(scope="session")
def server():
    """A server in a folder that its user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    folder.chmod(0o755)
    with EmbeddedServer(folder / "data") as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_warehouse(server):
    """Connect to an empty database of its own."""

    @contextmanager
    def connect():
        name = f"benchmark_{next(NUMBERS)}"
        with closing(psycopg2.connect(server.dsn)) as connection:
            connection.autocommit = True
            connection.cursor().execute(f"CREATE DATABASE {name}")
        with connected(make_dsn(server.dsn, dbname=name)) as connection:
            yield connection

    return connect
