"""A real PostgreSQL, a fresh warehouse for each test, and small batches in a lake of their own.

One server serves a worker's whole session; ``database`` copies a migrated template. Batches are
written by the lake's own writers, so what is loaded is what a run would have left.

    first = make_batch(at(0), ads=[ad("1", price=58.1), ad("2", "USDT/VES BUY")])
    load(first)
    assert query("SELECT adv_no FROM warehouse.live ORDER BY 1") == [("1",), ("2",)]
"""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from psycopg2.extensions import make_dsn
from scrapy.settings import Settings

from items import Refusal
from p2p_scrapy.config import Config
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.warehouse import loading, partitions, schema
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.lake_batch import LakeBatch
from p2p_scrapy.warehouse.quality import Thresholds
from p2p_scrapy.warehouse.staging import stage
from tests.postgres import execute, forgetful_server
from tests.warehouse import parts
from tests.warehouse.batch_of_lists import BatchOfLists

NOON = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
TEMPLATE = "migrated"
NUMBERS = count(1)


@pytest.fixture(scope="session")
def server():
    """A server of this worker's own."""
    with forgetful_server() as running:
        yield running


@pytest.fixture(scope="session")
def template_settings(server):
    """What a copy of the migrated template lacks: the settings that belong to a database."""
    execute(server.dsn, f"CREATE DATABASE {TEMPLATE}")
    with connected(make_dsn(server.dsn, dbname=TEMPLATE)) as connection:
        schema.migrate(connection)
    rows = execute(
        server.dsn,
        "SELECT unnest(setconfig) FROM pg_db_role_setting"
        f" JOIN pg_database d ON d.oid = setdatabase WHERE datname = '{TEMPLATE}'",
    )
    return [setting for (setting,) in rows]


@pytest.fixture
def database(server, template_settings):
    """The dsn of a fresh database with the schema, for this test alone.

    Its files are copied: without fsync, that is faster than to write every page to the log.
    """
    name = f"test_{next(NUMBERS)}"
    execute(
        server.dsn,
        f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY",
        *(f"ALTER DATABASE {name} SET {setting}" for setting in template_settings),
    )
    yield make_dsn(server.dsn, dbname=name)
    execute(server.dsn, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def connection(database):
    """A connection to this test's database, as the project makes one."""
    with connected(database) as open_connection:
        yield open_connection


@pytest.fixture
def query(connection):
    """Run a statement in a transaction of its own; its rows, if it has any."""

    def run(statement, *parameters):
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture(scope="session")
def thresholds():
    """The quality checks' limits by default."""
    return Thresholds.from_config(Config.from_settings(Settings()))


@pytest.fixture
def load(connection, thresholds):
    """Load a batch, with the partitions that it needs."""

    def run(batch, limits=thresholds):
        staged = stage(batch)
        partitions.make_partitions(connection, batch.record.started_at, batch.record.ended_at)
        with connection, connection.cursor() as cursor:
            return loading.load(cursor, staged, limits)

    return run


@pytest.fixture(scope="session")
def at():
    """A moment, in minutes after a noon."""

    def moment(minutes=0, **more):
        return NOON + timedelta(minutes=minutes, **more)

    return moment


@pytest.fixture(scope="session")
def ad():
    """An ad for make_batch, as ``parts`` builds it."""
    return parts.ad


@pytest.fixture(scope="session")
def sweep():
    """A sweep for make_batch, as ``parts`` builds it."""
    return parts.sweep


@pytest.fixture(scope="session")
def refusal():
    """A refused ad for make_batch, as ``parts`` builds it."""
    return parts.refusal


@pytest.fixture
def make_batch(tmp_path):
    """Write a closed batch into a lake, by default the test's own.

    Markets of ads without a sweep get a complete one, read 5 seconds after the start. More
    arguments are fields of the manifest, for instance ``completeness=0.9``.
    """

    def build(started_at, ads=(), sweeps=(), refused=(), data_dir=tmp_path / "data", **record):
        paths = BatchPaths(data_dir, started_at)
        batch = BatchOfLists(started_at, ads, sweeps, refused)
        log = Journal(paths.journal)
        for each in batch.ads:
            log.append("ad", list(each.values()))
        for each in batch.sweeps:
            log.append("sweep", list(each.values()))
        for each in batch.refused:
            log.append("refusal", asdict(Refusal(**each)))
        log.close()
        close_batch(batch.record(**record), paths)
        return LakeBatch(data_dir, paths.manifest)

    return build
