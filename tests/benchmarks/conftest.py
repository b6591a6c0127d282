"""A course of three markets."""

import pytest

from benchmarks.exchange import running_exchange
from benchmarks.pages import bodies_of
from benchmarks.trial import Course


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    with running_exchange("--markets", "3", "--ads", "90") as exchange:
        book = exchange.book()
        yield Course(exchange, book, list(bodies_of(book)), tmp_path_factory.mktemp("course"))
