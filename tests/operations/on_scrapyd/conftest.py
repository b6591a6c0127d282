"""A clone of the project, its egg on a real scrapyd, and the crontab's own line.

All of it lives as long as a module; it takes too long to be made for more than one.
"""

import json
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from tests.operations.crontab import Cron
from tests.operations.scrapyd import (
    PASSWORD,
    USER,
    Place,
    bare_environment,
    clone_of_project,
    wait_until,
)
from tests.postgres import forgetful_server


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="p2p-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def exchange():
    with running_exchange(ExchangeOptions(markets=8, ads=400)) as running:
        yield running


@pytest.fixture(scope="module")
def database():
    with forgetful_server() as server:
        yield server.dsn


@pytest.fixture(scope="module")
def settings(folder, exchange, database):
    """What stands in /etc/p2p-scrapy.env, for scrapyd and for cron."""
    return {
        "P2P_BASE_URL": exchange.url,
        "P2P_DATA_DIR": str(folder / "data"),
        "P2P_REQUESTS_PER_MINUTE": "100000",
        "DATABASE_URL": database,
        "SCRAPYD_USERNAME": USER,
        "SCRAPYD_PASSWORD": PASSWORD,
    }


@pytest.fixture(scope="module")
def place(folder, settings):
    return Place(folder / "scrapyd", settings)


@pytest.fixture(scope="module")
def clone(folder, place):
    return clone_of_project(folder / "project", place.port)


@pytest.fixture(scope="module")
def scrapyd(place):
    with place.running() as running:
        yield running


@pytest.fixture(scope="module")
def deploy(clone, settings):
    """``make deploy``, but for the virtual environment that it would make."""

    def run(**more):
        return subprocess.run(
            [".venv/bin/python", "-m", "deploy.deploy"], cwd=clone, capture_output=True, text=True,
            env=bare_environment() | settings | more, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def deployed(deploy, scrapyd):
    """An egg on a scrapyd that runs."""
    done = deploy()
    assert done.returncode == 0, f"{done.stderr}\n{''.join(scrapyd.said)}"


@pytest.fixture(scope="module")
def cron(folder, clone, settings):
    """A call of the crontab, in the slot of an interval."""
    file = folder / "p2p-scrapy.env"
    call = Cron(clone, file)

    def run(interval, **more):
        lines = (settings | {"P2P_INTERVAL_SECONDS": str(interval)} | more).items()
        file.write_text("".join(f"{name}='{value}'\n" for name, value in lines))
        return call()

    return run


@pytest.fixture(scope="module")
def cron_log(folder):
    def lines():
        return (folder / "data/logs/cron.log").read_text("utf-8").splitlines()

    return lines


@pytest.fixture(scope="module")
def batch(place, cron, cron_log, folder):
    """Schedule a batch by cron in a slot of its own and wait for its end: its log and manifest."""

    def take(interval):
        done = cron(interval)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        job = re.search(r"scheduled (\S+)", cron_log()[-1])[1]
        wait_until(lambda: place.api.state(job) == "finished", f"the end of {job}")
        newest = max((folder / "data/raw/batches").rglob("batch_*.json"))
        return job, place.api.log("binance_p2p", job), json.loads(newest.read_text("utf-8"))

    return take
