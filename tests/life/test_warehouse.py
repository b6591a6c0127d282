"""Crawls with a warehouse: loaded after each batch, and no crawl is the worse without one."""

import csv
import io
import json
import os
import signal

import pytest


@pytest.fixture
def data(open_folder):
    return open_folder / "data"


@pytest.fixture
def crawl(scrapy, crawl_of, small_exchange, data):
    """A census into ``data``, by default with the server below it."""

    def run(*more, database=""):
        arguments = crawl_of(small_exchange, *more)
        return scrapy(*arguments, P2P_DATA_DIR=str(data), DATABASE_URL=database)

    return run


@pytest.fixture
def ask(scrapy, data):
    """What the warehouse below ``data`` answers, as rows of texts."""

    def run(sql):
        copied = f"COPY ({sql}) TO STDOUT (FORMAT csv)"
        done = scrapy("sql", "-c", copied, P2P_DATA_DIR=str(data), DATABASE_URL="")
        assert done.returncode == 0, done.stderr
        return [tuple(row) for row in csv.reader(io.StringIO(done.stdout))]

    return run


def manifests(data):
    return [json.loads(path.read_text()) for path in sorted(data.glob("raw/batches/**/*.json"))]


def alerts(data):
    return {
        path.stem.split("_", 2)[2]: json.loads(path.read_text())["error"]
        for path in data.glob("alerts/*.alert")
    }


def loaded(ask):
    return [row[0] for row in ask("SELECT batch_id FROM ops_batch_runs ORDER BY batch_start_time")]


def test_each_batch_is_loaded_after_its_crawl(crawl, ask, data, small_exchange):
    assert crawl().returncode == 0
    assert crawl().returncode == 0
    assert loaded(ask) == [manifest["batch_id"] for manifest in manifests(data)]
    natural = sum(len(market["natural"]) for market in small_exchange.book()["markets"])
    assert ask("SELECT count(rank) FROM mv_latest_market_state") == [(str(natural),)]
    assert ask("SELECT count(*) FROM ops_data_quality WHERE NOT passed") == [("0",)]


def test_without_a_database_there_is_none(crawl, data):
    assert crawl(database="none").returncode == 0
    assert not (data / "postgres").exists()
    assert len(manifests(data)) == 1


def test_a_sample_is_not_loaded(crawl, data):
    assert crawl("-a", "max_pages=1").returncode == 0
    assert not (data / "postgres").exists()


def test_a_database_that_is_away_costs_nothing(crawl, ask, data):
    away = f"host={data}/nowhere user=me password=hush dbname=p2p"
    done = crawl(database=away)
    assert done.returncode == 0
    assert "the database cannot be reached" in alerts(data)["database_lost"]
    assert crawl().returncode == 0
    assert loaded(ask) == [manifest["batch_id"] for manifest in manifests(data)]
    texts = [done.stdout, done.stderr, *alerts(data).values(), (data / "logs/p2p.log").read_text()]
    assert not any("hush" in text for text in texts)


def test_a_damaged_batch_is_named_and_loaded_once_it_is_repaired(crawl, ask, data):
    crawl(database="none")
    (ledger,) = data.glob("raw/sweeps/**/sweeps_*.parquet")
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:-1] + b"\0")
    crawl()
    first, second = (manifest["batch_id"] for manifest in manifests(data))
    assert str(ledger) in alerts(data)["batch_damaged"]
    assert loaded(ask) == [second]
    ledger.write_bytes(whole)
    crawl()
    assert loaded(ask)[:2] == [first, second]
    assert len(loaded(ask)) == 3


def test_the_daemon_keeps_the_server_between_batches(
    scrapy_command, crawl_of, small_exchange, data, ask
):
    settings = crawl_of(small_exchange)[2:]
    daemon = scrapy_command(
        "collect", "--interval", "3600", *settings, P2P_DATA_DIR=str(data), DATABASE_URL=""
    )
    assert any("The batch completed" in line for line in daemon.stderr)
    assert (data / "postgres/postmaster.pid").exists()
    assert ask("SELECT count(*) FROM ops_batch_runs") == [("1",)]
    assert (data / "postgres/postmaster.pid").exists()
    os.kill(daemon.pid, signal.SIGTERM)
    daemon.communicate(timeout=60)
    assert daemon.returncode == 0
    assert not (data / "postgres/postmaster.pid").exists()


def test_backfill_says_what_it_did(crawl, scrapy, ask, data):
    crawl(database="none")
    environment = {"P2P_DATA_DIR": str(data), "DATABASE_URL": ""}
    done = scrapy("backfill", **environment)
    assert done.returncode == 0
    assert "batches" in done.stdout
    assert len(loaded(ask)) == 1
    again = scrapy("backfill", "--start", "2020-01-01", **environment)
    assert again.stdout == ("Nothing to load: the warehouse has what the lake has of these days.\n")
    rebuilt = scrapy("backfill", "--rebuild", **environment)
    assert "batches" in rebuilt.stdout
    assert len(loaded(ask)) == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--start", "yesterday"], "--start is 'yesterday'; it must be a day such as 2026-11-20"),
        (["--start", "2026-11-02", "--end", "2026-11-01"], "--end 2026-11-01 is before --start"),
        (["all"], "all is no option; see scrapy backfill -h"),
    ],
)
def test_a_wrong_option_of_backfill(scrapy, options, sentence):
    done = scrapy("backfill", *options)
    assert done.returncode == 2
    assert done.stderr.startswith(f"scrapy backfill: {sentence}")


def test_backfill_of_a_folder_that_is_no_lake_makes_nothing_of_it(scrapy, tmp_path):
    done = scrapy("backfill", P2P_DATA_DIR=str(tmp_path / "dta"), DATABASE_URL="")
    assert done.returncode == 2
    assert done.stderr.startswith(f"scrapy backfill: there is no lake in {tmp_path / 'dta'}")
    assert not (tmp_path / "dta").exists()


def test_backfill_without_a_database(scrapy, tmp_path):
    (tmp_path / "raw" / "batches").mkdir(parents=True)
    done = scrapy("backfill", P2P_DATA_DIR=str(tmp_path), DATABASE_URL="none")
    assert done.returncode == 2
    assert "DATABASE_URL is none" in done.stderr
