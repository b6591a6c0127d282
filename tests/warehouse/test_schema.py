"""The schema: made once by whoever comes first, and refused where it cannot be right."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from p2p_scrapy.errors import DatabaseLostError
from p2p_scrapy.warehouse import connection as connections
from p2p_scrapy.warehouse import schema
from p2p_scrapy.warehouse.connection import (
    DatabaseRefusedError,
    DatabaseTooOldError,
    connected,
)


@pytest.fixture
def empty_database(server):
    with closing(psycopg2.connect(server.dsn)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE empty_one")
            yield make_dsn(server.dsn, dbname="empty_one")
            cursor.execute("DROP DATABASE empty_one WITH (FORCE)")


def test_the_steps_are_numbered_from_one():
    assert [step.number for step in schema.steps()] == list(range(1, len(schema.steps()) + 1))


def test_a_second_migration_does_nothing(connection):
    assert schema.migrate(connection) == []


def test_several_at_once_make_it_once(empty_database):
    def migrate(_):
        with connected(empty_database) as connection:
            return len(schema.migrate(connection))

    with ThreadPoolExecutor(4) as together:
        assert sorted(together.map(migrate, range(4))) == [0, 0, 0, len(schema.steps())]


def test_a_step_that_fails_leaves_nothing(empty_database, monkeypatch):
    broken = [*schema.steps()[:2], schema.Step(3, "broken", "SELECT nonsense")]
    monkeypatch.setattr(schema, "steps", lambda: broken)
    with pytest.raises(DatabaseRefusedError, match="nonsense"), connected(empty_database) as one:
        schema.migrate(one)
    monkeypatch.undo()
    with connected(empty_database) as another:
        assert len(schema.migrate(another)) == len(schema.steps())


def test_a_schema_of_a_newer_version_is_refused(connection, query):
    query("INSERT INTO warehouse.migration (number, name) VALUES (4711, 'of tomorrow')")
    with pytest.raises(
        schema.SchemaTooNewError, match=r"schema 4711, this version knows \d+; inst"
    ):
        schema.migrate(connection)


def test_an_old_server_is_refused(database, monkeypatch):
    """None that old can be had here, so what counts as old is moved."""
    monkeypatch.setattr(connections, "OLDEST_VERSION", 990_000)
    sentence = r"is PostgreSQL \d+, and must be 15 or newer"
    with pytest.raises(DatabaseTooOldError, match=sentence), connected(database):
        pass


def test_a_server_that_is_not_there(tmp_path):
    with (
        pytest.raises(DatabaseLostError, match=r"cannot be reached: .*; look at DATABASE_URL"),
        connected(f"host={tmp_path}"),
    ):
        pass


def test_a_connection_that_is_cut(connection, database):
    def ask_and_be_cut():
        with connected(database) as cut:
            end(connection, cut.get_backend_pid())
            cut.cursor().execute("SELECT 1")

    with pytest.raises(DatabaseLostError, match="went away"):
        ask_and_be_cut()


def end(connection, backend):
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", (backend,))
