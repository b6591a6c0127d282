"""Whole histories: lakes that a simulation has written, and warehouses to load them into."""

import random
import shutil
from contextlib import closing
from itertools import count

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from p2p_scrapy.warehouse.loader import loader
from tests.warehouse.replay.content import content
from tests.warehouse.replay.simulated.exchange import Exchange
from tests.warehouse.replay.simulated.histories import FEW, over_midnight

TEMPLATE = "migrated"
NUMBERS = count(1)


@pytest.fixture(scope="module")
def new_warehouse(server, template_settings):
    """Make fresh databases with the schema, as many as a test needs; the dsn of each."""
    made = []

    def execute(*statements):
        with closing(psycopg2.connect(server.dsn)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    def make():
        made.append(f"replay_{next(NUMBERS)}")
        execute(
            f"CREATE DATABASE {made[-1]} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY",
            *(f"ALTER DATABASE {made[-1]} SET {setting}" for setting in template_settings),
        )
        return make_dsn(server.dsn, dbname=made[-1])

    yield make
    for name in made:
        execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def loading_of(thresholds):
    """A loader of a lake into a warehouse, as a context."""
    return lambda dsn, data_dir: loader(dsn, data_dir, thresholds)


@pytest.fixture(scope="session")
def long_lake(tmp_path_factory):
    """50 batches over a midnight."""
    return over_midnight(tmp_path_factory.mktemp("long"), Exchange(random.Random(20261121)), 50)


@pytest.fixture(scope="session")
def written_lake(tmp_path_factory):
    """14 batches over a midnight, of smaller books; not to be changed."""
    exchange = Exchange(random.Random(7), fiats=("VES", "BOB"), most=30, people=12)
    return over_midnight(tmp_path_factory.mktemp("short"), exchange, FEW)


@pytest.fixture
def lake(written_lake, tmp_path):
    """The same 14 batches, in a folder of this test's own."""
    shutil.copytree(written_lake, tmp_path / "lake")
    return tmp_path / "lake"


@pytest.fixture(scope="module")
def whole(written_lake, new_warehouse, loading_of):
    """What is in a warehouse to which every batch came in its time, without any trouble."""
    dsn = new_warehouse()
    with loading_of(dsn, written_lake) as warehouse:
        warehouse.catch_up()
    return content(dsn)


@pytest.fixture
def loading(database, lake, loading_of):
    """The loader of this test's lake into a warehouse of its own."""
    with loading_of(database, lake) as warehouse:
        yield warehouse
