"""A server that is full, hung or out of reach, and one that others will not let go of."""

import os
import signal
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import parse_dsn

from p2p_scrapy.warehouse.embedded import BusyError, EmbeddedServer, PlaceError, ServerError
from p2p_scrapy.warehouse.embedded.locks import Lock


@pytest.fixture
def hurry(monkeypatch):
    """Wait for nothing longer than half a second."""
    monkeypatch.setattr("p2p_scrapy.warehouse.embedded.server.START_SECONDS", 0.5)
    monkeypatch.setattr("p2p_scrapy.warehouse.embedded.server.LEAVE_SECONDS", 0.5)
    monkeypatch.setattr("p2p_scrapy.warehouse.embedded.running.START_SECONDS", 0.5)
    monkeypatch.setattr("p2p_scrapy.warehouse.embedded.running.CONNECT_SECONDS", 2)


@pytest.fixture
def far(outside):
    """A data folder whose socket must lie in the temporary folder."""
    return outside / ("long" * 30)


def test_full_server_is_alive(data_dir):
    with EmbeddedServer(data_dir) as server, ExitStack() as held:
        for _ in range(50):
            held.enter_context(closing(psycopg2.connect(server.dsn)))
        with pytest.raises(psycopg2.OperationalError, match="too many clients"):
            psycopg2.connect(server.dsn)
        EmbeddedServer(data_dir).start().stop()


@pytest.mark.usefixtures("hurry")
def test_hung_server(data_dir, postmaster):
    with EmbeddedServer(data_dir):
        os.kill(postmaster(), signal.SIGSTOP)
        try:
            with pytest.raises(ServerError, match="does not answer"):
                EmbeddedServer(data_dir).start()
        finally:
            os.kill(postmaster(), signal.SIGCONT)


def test_database_that_was_dropped(data_dir):
    with EmbeddedServer(data_dir) as server:
        connection = psycopg2.connect(server.dsn, dbname="postgres")
        connection.autocommit = True
        connection.cursor().execute("DROP DATABASE p2p")
        connection.close()
        with pytest.raises(ServerError, match=r'lets nobody in.*database "p2p" does not exist'):
            EmbeddedServer(data_dir).start()


@pytest.mark.usefixtures("hurry")
def test_start_that_another_does_not_finish(data_dir, caplog, postmaster):
    server = EmbeddedServer(data_dir).start()
    with closing(Lock(data_dir / ".postgres.start")) as held:
        held.wait_alone(1)
        with pytest.raises(BusyError, match=r"another process has held .*\.postgres\.start"):
            EmbeddedServer(data_dir).start()
        server.stop()
    assert "is left alone" in caplog.text
    assert postmaster()
    EmbeddedServer(data_dir).start().stop()
    assert postmaster() is None


def test_another_temporary_folder(far, outside, client):
    with EmbeddedServer(far) as server:
        other = client(far, env=os.environ | {"TMPDIR": str(outside)}).joined()
        assert other.dsn == server.dsn
        other.leave()


def test_socket_folder_that_is_out_of_reach(far):
    with EmbeddedServer(far) as server:
        folder = Path(parse_dsn(server.dsn)["host"])
        hidden = folder.rename(folder.with_suffix(".hidden"))
        with pytest.raises(PlaceError, match="which is not here"):
            EmbeddedServer(far).start()
        hidden.rename(folder)


def test_temporary_folder_that_is_too_long(far, outside, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(outside / ("temporary" * 12)))
    with pytest.raises(PlaceError, match="too long for a socket; set TMPDIR"):
        EmbeddedServer(far).start()


def test_lock_that_cannot_be_opened(data_dir):
    data_dir.mkdir()
    (data_dir / ".postgres.start").symlink_to("elsewhere")
    with pytest.raises(PlaceError, match="cannot be opened"):
        EmbeddedServer(data_dir).start()
    assert not (data_dir / "elsewhere").exists()
