"""What a backup brings back is what was there, and the collector goes on with it."""

import os
import random
import re
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from psycopg2.extensions import make_dsn

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.warehouse.lake_batch import closed_batches
from tests.postgres import execute, forgetful_server
from tests.warehouse.replay.simulated.exchange import Exchange
from tests.warehouse.replay.simulated.histories import MIDNIGHT, TEN_MINUTES, run

BATCHES = 14
FIRST = MIDNIGHT - TEN_MINUTES * (BATCHES // 2)
MOMENTS = [FIRST + timedelta(minutes=minutes) for minutes in range(-5, 10 * BATCHES + 60, 7)]
BOOK = "SELECT * FROM market.offers_as_of('{}') ORDER BY fiat_code, crypto_symbol, trade_type, 1"


@pytest.fixture(scope="module")
def servers():
    """Two servers that know nothing of each other."""
    with forgetful_server() as here, forgetful_server() as elsewhere:
        yield here, elsewhere


@pytest.fixture
def old(servers):
    """An empty database of an owner of its own, with a password in its address."""
    yield from owned_database(servers[0], "old", "collector")


@pytest.fixture
def new(servers):
    """The same on the other server, under other names."""
    yield from owned_database(servers[1], "new", "somebody")


def owned_database(server, name, owner):
    execute(
        server.dsn,
        f"CREATE ROLE {owner} LOGIN PASSWORD 'hush-hush' CREATEROLE",
        f"CREATE DATABASE {name} OWNER {owner}",
    )
    yield make_dsn(server.dsn, dbname=name, user=owner, password="hush-hush")
    execute(
        server.dsn,
        f"DROP DATABASE {name} WITH (FORCE)",
        "DROP ROLE IF EXISTS p2p_reader, grafana",
        f"DROP ROLE {owner}",
    )


@pytest.fixture
def market():
    """A market place that lives on from batch to batch."""
    return Exchange(random.Random(11), fiats=("VES", "BOB"), most=30, people=12)


@pytest.fixture
def lake(market, tmp_path):
    run(market, tmp_path / "data", FIRST, BATCHES, TEN_MINUTES)
    return tmp_path / "data"


@pytest.fixture
def project(root):
    """Run one of the project's own programs to its end, with these settings alone."""

    def call(*command, code=0, **settings):
        ours = {n: v for n, v in os.environ.items() if not n.startswith(("P2P_", "DATABASE"))}
        done = subprocess.run(
            [sys.executable, "-m", *map(str, command)],
            cwd=root,
            env=ours | {name: str(value) for name, value in settings.items()},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == code, done.stderr[-3000:]
        assert "hush-hush" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return call


def books(dsn):
    """The whole book at each of the moments, every column."""
    return [execute(dsn, BOOK.format(moment)) for moment in MOMENTS]


def test_a_warehouse_restored_elsewhere_answers_as_before(old, new, lake, tmp_path, project):
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    before = books(old)
    assert sum(map(bool, before)) > len(MOMENTS) / 2
    project("deploy.backup", tmp_path / "copy", P2P_DATA_DIR=lake, DATABASE_URL=old)
    there = {"P2P_DATA_DIR": tmp_path / "restored", "DATABASE_URL": new}
    project("deploy.restore", tmp_path / "copy", **there)
    assert books(new) == before
    loaded = "SELECT batch_id, loaded_at FROM market.ops_batch_runs ORDER BY 1"
    project("scrapy", "backfill", **there)
    assert execute(new, loaded) == execute(old, loaded), "there was nothing left to load"


def test_the_collector_goes_on_with_what_was_restored(old, new, lake, market, tmp_path, project):
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    project("deploy.backup", tmp_path / "copy", P2P_DATA_DIR=lake, DATABASE_URL=old)
    there = {"P2P_DATA_DIR": tmp_path / "restored", "DATABASE_URL": new}
    project("deploy.restore", tmp_path / "copy", **there)
    # Days later, so that partitions have to be made, and two batches at once.
    run(market, tmp_path / "more", MIDNIGHT + timedelta(days=9), 2, TEN_MINUTES)
    for folder in (lake, tmp_path / "restored"):
        shutil.copytree(tmp_path / "more", folder, dirs_exist_ok=True)
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    project("scrapy", "backfill", **there)
    later = BOOK.format(MIDNIGHT + timedelta(days=10))
    assert execute(new, later) == execute(old, later) != []
    assert books(new) == books(old)
    counts = "SELECT batch_id, status, total_offers_inserted FROM market.ops_batch_runs ORDER BY 1"
    assert execute(new, counts) == execute(old, counts)


def test_who_may_look_may_look_again_and_where_to_look_is_known(old, new, lake, tmp_path, project):
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    project("deploy.backup", tmp_path / "copy", P2P_DATA_DIR=lake, DATABASE_URL=old)
    project("deploy.restore", tmp_path / "copy", P2P_DATA_DIR=tmp_path / "there", DATABASE_URL=new)
    execute(new, "CREATE ROLE grafana LOGIN IN ROLE p2p_reader PASSWORD 'hush-hush'")
    reader = make_dsn(new, user="grafana")
    assert execute(reader, "SELECT count(*) > 0 FROM mv_latest_market_state") == [(True,)]
    assert execute(reader, "SELECT count(*) > 0 FROM merchant_volume('-infinity', now())")
    owner = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'warehouse'"
    assert execute(new, owner) == [("somebody",)]


def test_the_lake_alone_brings_the_warehouse_back(old, new, lake, tmp_path, project):
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    project("deploy.backup", tmp_path / "copy", P2P_DATA_DIR=lake, DATABASE_URL="none")
    assert not (tmp_path / "copy/warehouse.dump").exists()
    there = tmp_path / "restored"
    project("deploy.restore", tmp_path / "copy", P2P_DATA_DIR=there, DATABASE_URL="none")
    project("scrapy", "backfill", P2P_DATA_DIR=there, DATABASE_URL=new)
    assert books(new) == books(old)


def test_the_embedded_server_moves_to_another_folder(open_folder, project):
    """By real batches: the one after the restore is loaded as well."""
    old, new = open_folder / "old", open_folder / "new"
    with running_exchange(ExchangeOptions(fiats=("VES",), markets=8, ads=300)) as exchange:
        crawl = ["scrapy", "crawl", "binance_p2p"]
        asked = {"P2P_BASE_URL": exchange.url, "P2P_REQUESTS_PER_MINUTE": 100_000}
        project(*crawl, P2P_DATA_DIR=old, **asked)
        project("deploy.backup", open_folder / "copy", P2P_DATA_DIR=old)
        project("deploy.restore", open_folder / "copy", P2P_DATA_DIR=new)
        say = "COPY (SELECT * FROM offers_as_of(now()) ORDER BY offer_id) TO STDOUT"
        ask = ["scrapy", "sql", "-c", say]
        book = project(*ask, P2P_DATA_DIR=new).stdout
        assert book == project(*ask, P2P_DATA_DIR=old).stdout != ""
        project(*crawl, P2P_DATA_DIR=new, **asked)
    count = ["scrapy", "sql", "-c", "COPY (SELECT count(*) FROM ops_batch_runs) TO STDOUT"]
    assert project(*count, P2P_DATA_DIR=new).stdout == "2\n"
    assert project(*count, P2P_DATA_DIR=old).stdout == "1\n"


def test_a_batch_that_ran_meanwhile_is_recovered_from_the_copy(tmp_path, project, scrapy_command):
    """The journal is copied too: what it held is a partial batch at the next start."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    settings = {"P2P_DATA_DIR": data, "DATABASE_URL": "none"}
    with running_exchange(ExchangeOptions(markets=40, ads=2000, latency=0.3)) as exchange:
        asked = {"P2P_BASE_URL": exchange.url, "P2P_REQUESTS_PER_MINUTE": "100000"}
        crawl = ["crawl", "binance_p2p", "-L", "INFO"]
        process = scrapy_command(*crawl, P2P_DATA_DIR=str(data), **asked)
        for line in process.stderr:
            if "| spread=" in line:  # a pair is read: its ads are in the journal
                break
        project("deploy.backup", copy, **settings)
        process.kill()
        process.wait()
        there = {"P2P_DATA_DIR": tmp_path / "restored", "DATABASE_URL": "none"}
        project("deploy.restore", copy, **there)
        exchange.adjust(latency=0)
        done = project("scrapy", *crawl, **there, **asked)
    assert "was killed" in done.stderr
    batches = closed_batches(tmp_path / "restored")
    assert [batch.record.stopped for batch in batches] == ["killed", None]
    assert sum(batches[0].record.ads.values()) > 0


def test_a_password_is_in_no_list_of_processes(old, lake, tmp_path, project):
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    seen, programs = tmp_path / "seen", tmp_path / "bin"
    programs.mkdir()
    (programs / "pg_dump").write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump 99.1" && exit\n'
        f'echo "$@" > {seen}; echo "$PGPASSWORD $DATABASE_URL" >> {seen}\n'
        'for each; do case $each in --file=*) echo dump > "${each#--file=}";; esac; done\n'
    )
    (programs / "pg_dump").chmod(0o755)
    settings = {"P2P_DATA_DIR": lake, "DATABASE_URL": old}
    path = f"{programs}:{os.environ['PATH']}"
    project("deploy.backup", tmp_path / "copy", PATH=path, **settings)
    arguments, environment = seen.read_text().splitlines()
    assert "dbname=old" in arguments
    assert "hush-hush" not in arguments
    assert environment == "hush-hush "


def told(done):
    """The one line that a program ends with."""
    (line,) = done.stderr.splitlines()
    return line


def test_what_is_wrong_is_said_in_a_line(old, new, lake, tmp_path, project):
    here = {"P2P_DATA_DIR": lake, "DATABASE_URL": old}
    copy, empty = tmp_path / "copy", tmp_path / "empty"
    assert "name one folder" in told(project("deploy.backup", code=2, **here))
    within = lake / "backup"
    assert "lies in the data folder" in told(project("deploy.backup", within, code=2, **here))
    without = here | {"DATABASE_URL": ""}
    assert "there is no warehouse" in told(project("deploy.backup", copy, code=1, **without))
    wrong = here | {"DATABASE_URL": "postgresql://me:hush-hush@127.0.0.1:1/p2p"}
    key = here | {"DATABASE_URL": make_dsn(old, sslpassword="hush-hush")}
    assert "has sslpassword" in told(project("deploy.backup", copy, code=2, **key))
    assert "cannot be reached" in told(project("deploy.backup", copy, code=1, **wrong))
    assert "cannot be written" in told(project("deploy.backup", "/proc/here", code=1, **here))
    assert "no backup" in told(project("deploy.restore", empty, code=2, **here))
    project("deploy.backup", copy, P2P_DATA_DIR=lake, DATABASE_URL="none")
    assert "batches" in told(project("deploy.restore", copy, code=1, **here))
    there = {"P2P_DATA_DIR": empty / "1", "DATABASE_URL": new}
    assert "no /" in told(project("deploy.restore", copy, code=2, **there))
    (copy / "warehouse.dump").write_text("not a dump")
    there = {"P2P_DATA_DIR": empty / "2", "DATABASE_URL": new}
    assert "pg_restore failed" in told(project("deploy.restore", copy, code=1, **there))
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=new)
    there = {"P2P_DATA_DIR": empty / "3", "DATABASE_URL": new}
    assert "already" in told(project("deploy.restore", copy, code=1, **there))


def test_the_oldest_days_of_a_lake_may_go(old, lake, market, project, root):
    """As docs/operations.md shows it; the warehouse keeps them, and goes on."""
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    before = books(old)
    page = (root / "docs/operations.md").read_text("utf-8")
    (typed,) = re.findall(r"^day=.*\nrm .*$", page, flags=re.MULTILINE)
    subprocess.run(["sh", "-e", "-c", typed], cwd=lake.parent, check=True)
    assert len(closed_batches(lake)) == BATCHES / 2
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    assert books(old) == before
    run(market, lake, MIDNIGHT + timedelta(days=1), 1, TEN_MINUTES)
    project("scrapy", "backfill", P2P_DATA_DIR=lake, DATABASE_URL=old)
    counted = "SELECT count(*) FROM market.ops_batch_runs"
    assert execute(old, counted) == [(BATCHES + 1,)]
