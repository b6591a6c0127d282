"""A course of three markets, a lake of them, and a server for warehouses."""

from contextlib import contextmanager
from itertools import count

import pytest
from psycopg2.extensions import make_dsn

from benchmarks.contenders import CENSUS, data_dir
from benchmarks.exchange import running_exchange
from benchmarks.pages import bodies_of
from benchmarks.trial import Course
from p2p_scrapy.warehouse.connection import connected
from tests.postgres import execute, forgetful_server

NUMBERS = count(1)


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
    """A server for all the warehouses here."""
    with forgetful_server() as running:
        yield running


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
