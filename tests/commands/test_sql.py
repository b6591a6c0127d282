"""``scrapy sql`` from its arguments to its exit code."""

import io
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from p2p_scrapy.commands.sql import _talk
from p2p_scrapy.errors import WarehouseError
from p2p_scrapy.warehouse.embedded import EmbeddedServer
from p2p_scrapy.warehouse.embedded.processes import recorded_pid, servers_of
from p2p_scrapy.warehouse.prompt import prompt

TABLE = """\
+---------+
| a       |
+---------+
| [b]x[/] |
+---------+
"""
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data_dir():
    """A data folder that the server's user can enter, with a cluster."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    folder.chmod(0o755)
    with EmbeddedServer(folder):
        pass
    yield folder
    for pid in servers_of(folder / "postgres"):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


@pytest.fixture
def environment(data_dir):
    cleared = {
        name: text for name, text in os.environ.items() if not name.startswith(("P2P_", "PG"))
    }
    return {**cleared, "P2P_DATA_DIR": str(data_dir), "DATABASE_URL": ""}


@pytest.fixture
def command():
    return [sys.executable, "-m", "scrapy", "sql"]


@pytest.fixture
def sql(environment, command):
    """Run ``scrapy sql ...`` to its end."""

    def run(*arguments, typed="", **more):
        done = subprocess.run(
            [*command, *arguments],
            cwd=REPOSITORY,
            env=environment | more,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def server(data_dir):
    with EmbeddedServer(data_dir) as held:
        yield held


def test_one_statement(sql, data_dir):
    assert sql("-c", "SHOW search_path") == (
        0,
        "  search_path  \n---------------\n market,public\n(1 row)\n\n",
        "",
    )
    assert not any(servers_of(data_dir / "postgres"))


def test_several_statements(sql):
    code, out, _ = sql("-c", "SELECT 6 AS six", "-c", "SELECT 7 AS seven")
    assert (code, "six" in out, "seven" in out) == (0, True, True)


def test_exit_code_is_psqls(sql):
    code, out, err = sql("-c", "SELEC")
    assert (code, out) == (1, "")
    assert "syntax error" in err
    assert sql(typed="\\set ON_ERROR_STOP on\nSELEC;\n")[0] == 3


def test_file(environment, command, tmp_path):
    (tmp_path / "file.sql").write_text("SELECT 6 * 7 AS answer;\n\\echo done\n")
    with (tmp_path / "file.sql").open() as file:
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=environment,
            stdin=file,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert "42" in done.stdout
    assert done.stdout.endswith("done\n")


def test_nothing_yet(sql, tmp_path):
    code, out, err = sql("-c", "SELECT 1", P2P_DATA_DIR=str(tmp_path / "new"))
    message = f"scrapy sql: there is no warehouse in {tmp_path}/new yet; take a batch first"
    assert (code, out, err) == (1, "", f"{message}: scrapy crawl binance_p2p\n")
    assert not (tmp_path / "new").exists()


def test_switched_off(sql):
    code, out, err = sql(DATABASE_URL="none")
    assert (code, out) == (2, "")
    assert err == (
        "scrapy sql: DATABASE_URL is none, so there is no warehouse; "
        "leave it empty, or set an address\n"
    )


def test_unknown_argument(sql):
    assert sql("market") == (2, "", "scrapy sql: market is no option; see scrapy sql -h\n")


def test_wrong_address_keeps_its_secret(sql):
    code, out, err = sql(DATABASE_URL="postgresql://me:hush@host/db?nosuch=1")
    assert (code, out) == (2, "")
    assert "setting DATABASE_URL is '(not shown)'" in err
    assert "hush" not in err


@pytest.fixture
def watched(environment, command):
    """What a question to an address prints, while the list of processes is watched for a secret."""

    def run(address, question):
        with subprocess.Popen(
            [*command, "-c", question],
            cwd=REPOSITORY,
            env=environment | {"DATABASE_URL": address},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            seen = _command_lines_until_end(process)
            out = process.stdout.read()
        assert any("psql" in line and "pg_sleep" in line for line in seen)
        assert not any("hush" in line for line in seen)
        assert process.returncode == 0
        return out

    return run


def test_address_with_a_password(watched, server):
    address = server.url.replace("p2p@", "p2p:hush@") + "&options=-c%20jit%3Don"
    assert " t " in watched(address, "SELECT current_setting('jit') = 'on', pg_sleep(1)")


def test_address_with_the_password_of_a_key(watched, server):
    """It is used for a client certificate's key alone, which this server does not ask for."""
    address = f"{server.url}{'&' if '?' in server.url else '?'}sslpassword=hush&user=p2p"
    assert " p2p " in watched(address, "SELECT current_user, pg_sleep(1)")


def test_a_service_and_a_secret_beside_it(sql):
    code, out, err = sql("-c", "SELECT 1", DATABASE_URL="service=mine sslpassword=hush")
    assert (code, out) == (2, "")
    assert "DATABASE_URL names a service and has sslpassword beside it" in err
    assert "hush" not in err


def test_unreachable_address(sql):
    code, out, err = sql("-c", "SELECT 1", DATABASE_URL="postgresql://me@127.0.0.1:1/db")
    assert (code, out) == (2, "")
    assert "Connection refused" in err


def test_ctrl_c_ends_the_statement_only(environment, command, data_dir):
    """On a terminal Ctrl-C reaches both; psql goes on, and so do we."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["setsid", "--ctty", "--wait", *command],
        cwd=REPOSITORY,
        env=environment | {"PAGER": "cat"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        _read_until(ours, b"p2p=# ")
        os.write(ours, b"SELECT pg_sleep(60);\n")
        _read_until(ours, b"pg_sleep(60);\r\n")
        time.sleep(0.3)
        os.write(ours, b"\x03")
        _read_until(ours, b"canceling statement due to user request")
        os.write(ours, b"\\q\n")
        process.wait(30)
    os.close(ours)
    assert process.returncode == 0
    assert not any(servers_of(data_dir / "postgres"))


def test_termination_stops_psql_and_server(environment, command, data_dir):
    with subprocess.Popen(
        [*command, "-c", "SELECT pg_sleep(60)"], cwd=REPOSITORY, env=environment
    ) as process:
        while not _is_sleeping(data_dir):
            assert process.poll() is None
            time.sleep(0.02)
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    assert not any(servers_of(data_dir / "postgres"))


def test_prompt_shows_values_as_they_are(server, capsys):
    assert prompt(server.dsn, ["SELECT '[b]x[/]' AS a"]) == 0
    assert capsys.readouterr().out == TABLE


def test_prompt_reads_up_to_semicolons(server, capsys, monkeypatch):
    typed = "SELECT 1\n AS one;\n\nSELEC;\nCREATE TEMP TABLE t (n int);\nSELECT NULL AS n\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert prompt(server.dsn, []) == 1
    out, err = capsys.readouterr()
    assert [word for word in ("one", "CREATE TABLE", "None") if word in out] == [
        "one",
        "CREATE TABLE",
    ]
    assert err.startswith('syntax error at or near "SELEC"')
    assert err.count("\n") == 1


def test_prompt_ends_at_q(server, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("\\q\nSELECT 1;\n"))
    assert prompt(server.dsn, []) == 0
    assert capsys.readouterr().out == ""


def test_prompt_without_a_server(tmp_path):
    with pytest.raises(WarehouseError, match="no connection to PostgreSQL"):
        prompt(f"host={tmp_path}", ["SELECT 1"])


def test_prompt_takes_the_place_of_psql(server, monkeypatch, capsys):
    """And finds the analysts' schema as psql does."""
    monkeypatch.setenv("PGOPTIONS", "-c jit=on")
    assert _talk(None, server.url, ["SHOW search_path"]) == 0
    assert "market,public" in capsys.readouterr().out


def _is_sleeping(data_dir):
    cluster = data_dir / "postgres"
    return any(
        b"SELECT" in Path(f"/proc/{pid}/cmdline").read_bytes()
        for pid in servers_of(cluster)
        if pid != recorded_pid(cluster)
    )


def _command_lines_until_end(process):
    seen = set()
    while process.poll() is None:
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.add(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
        time.sleep(0.02)
    return seen


def _read_until(terminal, text):
    said = b""
    while text not in said:
        assert select.select([terminal], [], [], 30)[0], said
        said += os.read(terminal, 1024)
