"""Where the cluster and its socket lie, who runs the server, and what is refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg2.extensions import parse_dsn

from p2p_scrapy.warehouse.embedded import (
    ClusterError,
    EmbeddedServer,
    PlaceError,
    ServerError,
    has_cluster,
)
from p2p_scrapy.warehouse.embedded.account import Account
from p2p_scrapy.warehouse.embedded.place import ELSEWHERE, find_place

ROOT = Path(__file__).parents[3]
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another")


@pytest.fixture
def python_of_nobody():
    """A Python of our version that the user nobody can run, with our packages."""
    packages = os.pathsep.join([str(ROOT), *(path for path in sys.path if "site-packages" in path)])
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        command = [python, "-c", "import psycopg2, p2p_scrapy"]
        environment = {"PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            subprocess.run(command, user="nobody", env=environment, cwd="/", check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return {"python": python, "env": environment, "user": "nobody", "extra_groups": []}
    pytest.skip(f"the user nobody can run no {name} with our packages")


@root_only
def test_ordinary_user_and_root_share_a_server(client, outside, python_of_nobody, ask):
    data_dir = outside / "nobodys"
    data_dir.mkdir()
    shutil.chown(data_dir, "nobody")
    theirs = client(data_dir, **python_of_nobody).joined()
    assert (data_dir / "postgres").owner() == "nobody"
    with EmbeddedServer(data_dir) as server:
        theirs.leave()
        assert ask(server.dsn) == 1
    with EmbeddedServer(data_dir) as server:
        assert ask(server.dsn) == 1
    assert (data_dir / "postgres").owner() == "nobody"


@root_only
def test_ordinary_user_is_told_whose_it_is(client, data_dir, python_of_nobody):
    with EmbeddedServer(data_dir):
        pass
    (data_dir / "postgres").chmod(0o755)
    owner = (data_dir / "postgres").owner()
    out, err = client(**python_of_nobody).process.communicate()
    assert out == ""
    if owner == "nobody":
        pytest.skip("there is no user postgres here, so nobody owns the cluster")
    assert f"{data_dir}/postgres belongs to the user {owner}" in err


@root_only
def test_closed_folder_above(outside, ask, caplog):
    closed = outside / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "data"
    assert not has_cluster(data_dir)
    for _ in range(2):
        with EmbeddedServer(data_dir) as server:
            assert ask(server.dsn) == 1
    there = (data_dir / "postgres").readlink()
    assert there.parent == ELSEWHERE
    assert [str(there) in message for message in caplog.messages] == [True]
    assert closed.stat().st_mode & 0o777 == 0o700
    assert has_cluster(data_dir)
    data_dir.rename(closed / "moved")
    assert find_place(closed / "moved").cluster == there


def test_link_to_nothing(data_dir):
    data_dir.mkdir()
    (data_dir / "postgres").symlink_to(data_dir / "unmounted")
    with pytest.raises(PlaceError, match=r"points to .*unmounted, where nothing is"):
        EmbeddedServer(data_dir).start()


def test_link_to_an_empty_folder_of_ours(data_dir, outside, ask):
    (outside / "disk").mkdir()
    data_dir.mkdir()
    (data_dir / "postgres").symlink_to(outside / "disk")
    with EmbeddedServer(data_dir) as server:
        assert ask(server.dsn) == 1
    assert (outside / "disk" / "PG_VERSION").exists()


@pytest.mark.parametrize("name", ["long" * 30, "a, b", "$(false) 'q' \"w\" ñ"])
def test_paths_that_no_socket_can_have(outside, name, client, ask):
    data_dir = outside / name
    other = client(data_dir).joined()
    with EmbeddedServer(data_dir) as server:
        assert server.dsn == other.dsn
        assert "p2p_scrapy-" in server.dsn
        assert ask(server.url) == 1
    other.leave()
    assert not Path(parse_dsn(other.dsn)["host"]).exists()


@root_only
def test_socket_folder_of_somebody_else(outside):
    data_dir = outside / ("long" * 30)
    folder = find_place(data_dir).socket_folder()
    os.chown(folder, 12345, 12345)
    with pytest.raises(PlaceError, match=f"{folder} is not the user .*'s alone"):
        EmbeddedServer(data_dir).start()
    folder.rmdir()


def test_cluster_open_to_others(data_dir):
    with EmbeddedServer(data_dir):
        pass
    (data_dir / "postgres").chmod(0o777)
    with pytest.raises(ServerError, match=r"invalid permissions.*0700"):
        EmbeddedServer(data_dir).start()


@root_only
def test_cluster_given_to_root(data_dir):
    with EmbeddedServer(data_dir):
        pass
    os.chown(data_dir / "postgres", 0, 0)
    with pytest.raises(PlaceError, match="belongs to root"):
        EmbeddedServer(data_dir).start()


@root_only
def test_cluster_that_its_owner_cannot_enter_any_more(data_dir):
    with EmbeddedServer(data_dir):
        pass
    data_dir.chmod(0o700)
    with pytest.raises(PlaceError, match="cannot enter"):
        EmbeddedServer(data_dir).start()


def test_data_folder_that_is_a_file(data_dir):
    data_dir.touch()
    with pytest.raises(PlaceError, match="cannot be used"):
        EmbeddedServer(data_dir).start()


def test_corrupt_cluster(data_dir):
    with EmbeddedServer(data_dir):
        pass
    os.truncate(data_dir / "postgres" / "global" / "pg_control", 0)
    with pytest.raises(ServerError, match="pg_control"):
        EmbeddedServer(data_dir).start()


def test_folder_that_is_no_cluster(data_dir):
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "notes.txt").touch()
    account = Account.for_new_cluster()
    shutil.chown(data_dir / "postgres", account.uid)
    with pytest.raises(ClusterError, match="is no PostgreSQL cluster"):
        EmbeddedServer(data_dir).start()


@root_only
def test_full_disk(data_dir):
    data_dir.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", str(data_dir)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        with pytest.raises(ClusterError, match="No space left on device"):
            EmbeddedServer(data_dir).start()
        assert not (data_dir / ".postgres.new").exists()
    finally:
        subprocess.run(["umount", "--lazy", str(data_dir)], check=True)
