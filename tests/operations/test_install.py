"""What docs/operations.md has the operator type into files and prompts does what it says."""

import re

import psycopg2
import pytest
import yaml
from psycopg2.extensions import make_dsn

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from tests.operations.dashboards import GRAFANA
from tests.postgres import execute, forgetful_server

HUSH = "hush-hush"


@pytest.fixture(scope="module")
def server():
    with forgetful_server() as running:
        yield running


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs/operations.md").read_text("utf-8")


def block(page, marker):
    """The block of the page that holds this text, without its indent."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```$", page, flags=re.MULTILINE | re.DOTALL)
    (found,) = [each for each in blocks if marker in each]
    return "\n".join(line.strip() for line in found.splitlines())


@pytest.fixture(scope="module")
def warehouse(server, page):
    """The database of the installation; p2p is the embedded server's own superuser here."""
    typed = re.sub(r"\bp2p\b", "collector", block(page, "CREATE DATABASE"))
    typed = typed.replace("\\password grafana", f"ALTER ROLE grafana PASSWORD '{HUSH}';")
    execute(server.dsn, *[line for line in typed.splitlines() if line.endswith(";")])
    return make_dsn(server.dsn, dbname="collector", user="collector")


def test_the_database_is_set_up_for_the_collector_and_for_grafana(warehouse, scrapy):
    with running_exchange(ExchangeOptions(fiats=("VES",), markets=4, ads=100)) as exchange:
        done = scrapy(
            "crawl",
            "binance_p2p",
            P2P_BASE_URL=exchange.url,
            P2P_REQUESTS_PER_MINUTE="100000",
            DATABASE_URL=warehouse,
        )
    assert done.returncode == 0, done.stderr
    assert "could not be set" not in done.stderr
    grafana = make_dsn(warehouse, user="grafana", password=HUSH)
    book = "SELECT * FROM mv_latest_market_state ORDER BY offer_id"
    assert execute(grafana, book) == execute(warehouse, book) != []
    assert execute(grafana, "SHOW statement_timeout") == [("30s",)]
    for statement in ("DELETE FROM warehouse.batch", "CREATE TABLE market.mine (a int)"):
        with pytest.raises(psycopg2.Error, match=r"read-only"):
            execute(grafana, statement)


def test_grafana_finds_all_that_its_sources_ask_for(page):
    told = block(page, "GRAFANA_WAREHOUSE_URL")
    sources = (GRAFANA / "provisioning/datasources/p2p.yml").read_text("utf-8")
    assert set(re.findall(r"\$(\w+)", sources)) == set(re.findall(r"^(\w+)=", told, re.MULTILINE))


def test_the_dashboards_are_put_where_they_are_looked_for(page):
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/p2p.yml").read_text("utf-8"))
    (path,) = [each["options"]["path"] for each in provider["providers"]]
    assert f"deploy/grafana/dashboards/*.json {path}/" in page


def test_every_file_that_is_copied_is_there(page, root):
    """Below /srv/p2p-scrapy; the cron line's too."""
    named = set(re.findall(r"/srv/p2p-scrapy/(deploy/[\w./-]+|requirements\.txt)", page))
    assert named >= {"deploy/p2p-scrapy.env", "deploy/systemd/p2p-collect.service"}
    assert [name for name in named if not (root / name.rstrip(".")).exists()] == []


def test_the_line_of_cron_is_one(page):
    """Five fields of time, a user, and a command that a shell understands."""
    line = block(page, "deploy.backup /mnt/backup >/dev/null")
    fields = line.split(maxsplit=6)
    assert all(re.fullmatch(r"\d+|\*", field) for field in fields[:5])
    assert fields[5] == "p2p"
    assert "%" not in fields[6], "cron ends a command there"
