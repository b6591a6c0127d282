"""Several processes, one server: the first starts it, the last stops it, whoever dies meanwhile."""

import os
from pathlib import Path

import psycopg2

from p2p_scrapy.warehouse.embedded import EmbeddedServer
from p2p_scrapy.warehouse.embedded.processes import servers_of

ROUNDS = """
import sys
from pathlib import Path
import psycopg2
from p2p_scrapy.warehouse.embedded import EmbeddedServer

for _ in range(8):
    with EmbeddedServer(Path(sys.argv[1])) as server:
        connection = psycopg2.connect(server.dsn)
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
        connection.close()
print("left", flush=True)
"""


def test_last_of_two_processes_stops_it(client, data_dir, ask, postmaster):
    first, second = client().joined(), client().joined()
    assert first.dsn == second.dsn
    pid = postmaster()
    first.leave()
    assert postmaster() == pid
    assert ask(second.dsn) == 1
    second.leave()
    assert not any(servers_of(data_dir / "postgres"))


def test_two_clients_of_one_process_count_twice(data_dir, ask, postmaster):
    with EmbeddedServer(data_dir) as server:
        with EmbeddedServer(data_dir):
            pass
        assert ask(server.dsn) == 1
    assert postmaster() is None


def test_next_client_adopts_what_a_killed_one_left(client, ask, postmaster):
    only = client().joined()
    pid = postmaster()
    only.kill()
    assert postmaster() == pid
    heir = client().joined()
    assert (postmaster(), ask(heir.dsn)) == (pid, 1)
    heir.leave()
    assert postmaster() is None


def test_killed_client_does_not_count(client, postmaster):
    killed, other = client().joined(), client().joined()
    killed.kill()
    other.leave()
    assert postmaster() is None


def test_race_of_many(client, data_dir):
    racers = [client(script=ROUNDS) for _ in range(6)]
    for racer in racers:
        racer.leave()
    assert not any(servers_of(data_dir / "postgres"))


def test_leaves_though_a_session_is_open(data_dir, postmaster):
    with EmbeddedServer(data_dir) as server:
        session = psycopg2.connect(server.dsn)
        session.cursor().execute("CREATE TABLE unfinished (n int)")
    assert postmaster() is None
    session.close()


def test_terminal_and_locks_stay_with_the_client(client, postmaster):
    client().joined()
    server = Path("/proc", str(postmaster()))
    held = {file.readlink().name for file in (server / "fd").iterdir()}
    assert held & {".postgres.clients", ".postgres.start"} == set()
    assert os.getsid(postmaster()) != os.getsid(0)
    assert b"DATABASE_URL" not in (server / "environ").read_bytes()


def test_stop_and_start_again(data_dir, ask):
    server = EmbeddedServer(data_dir)
    for number in range(2):
        with server:
            ask(server.dsn, f"CREATE TABLE t{number} (n int)")
    server.stop()
    with server:
        assert (
            ask(
                server.dsn,
                "SELECT count(*) FROM pg_tables WHERE tableowner = 'p2p' AND schemaname = 'public'",
            )
            == 2
        )


def test_settings_and_address(data_dir, ask):
    wanted = {
        "server_encoding": "UTF8",
        "lc_collate": "C",
        "data_checksums": "on",
        "listen_addresses": "",
        "fsync": "on",
        "jit": "off",
        "TimeZone": "UTC",
        "max_connections": "50",
    }
    with EmbeddedServer(data_dir) as server:
        found = {
            name: ask(server.url, f"SELECT current_setting('{name}', true)") for name in wanted
        }
        collation = ask(server.url, "SELECT datcollate FROM pg_database WHERE datname = 'p2p'")
    assert found | {"lc_collate": collation} == wanted
