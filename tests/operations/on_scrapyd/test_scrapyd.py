"""The whole way on a real scrapyd: a clone, its egg, the crontab's own line, Parquet, PostgreSQL.

The tests stand in the order of an operator's life, on one scrapyd; each can also run by itself.
"""

import json
import re
import shutil
import signal
import zipfile
from contextlib import contextmanager

import psutil
import pyarrow.parquet as pq
import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.scrapyd_api import stored
from tests.operations.crontab import Cron, interval_that_begins_now
from tests.operations.scrapyd import PASSWORD, PATIENCE, Place, replace_in, state_of, wait_until
from tests.postgres import execute


@pytest.mark.usefixtures("deployed")
def test_a_deployed_egg_runs_and_leaves_nothing_behind(clone, place, deploy, scrapyd):
    before = state_of(clone)
    first = place.api.versions()[-1]
    done = deploy()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Deployed to scrapyd at 127.0.0.1:{place.port}, and a job there")
    assert place.api.versions()[-2] == first
    assert re.search(
        rf" from {place.folder}/eggs/p2p_scrapy/{place.api.versions()[-1]}", done.stdout
    )
    assert state_of(clone) == before
    assert PASSWORD not in done.stdout + done.stderr + "".join(scrapyd.said)


@pytest.mark.usefixtures("deployed")
def test_a_slot_has_one_batch_in_the_lake_and_the_warehouse(
    batch, cron, cron_log, folder, database, place
):
    interval = interval_that_begins_now()
    job, log, manifest = batch(interval)
    assert manifest["status"] == "completed"
    assert manifest["window"]["seconds"] == 0.75 * interval
    snapshots = [pq.read_table(path) for path in (folder / "data/raw").rglob("snapshot_*.parquet")]
    ads = sum(table.num_rows for table in snapshots)
    assert ads == sum(manifest["ads"].values()) > 300
    ask = "SELECT status, total_offers_extracted FROM market.ops_batch_runs"
    assert execute(database, ask) == [("completed", ads)]
    assert "p2p_scrapy 2" in log

    done = cron(interval)
    assert (done.returncode, done.stderr) == (0, "")
    assert cron_log()[-1].endswith(f"nothing started, {job} is finished")
    assert [
        each["id"] for each in place.api.jobs()["finished"] if "deployed" not in each["id"]
    ] == [job]


@pytest.mark.usefixtures("deployed")
def test_a_newer_version_is_what_runs(place, deploy, batch):
    before = place.api.versions()[-1]
    done = deploy()
    newer = re.search(r"p2p_scrapy (\S+) from", done.stdout)[1]
    _, log, manifest = batch(interval_that_begins_now())
    assert stored(newer) > before
    assert f"p2p_scrapy {newer} from" in log
    assert manifest["status"] == "completed"


@pytest.mark.usefixtures("deployed")
def test_an_egg_that_does_not_run_is_taken_back(clone, deploy, place):
    spider = clone / "p2p_scrapy/spiders/binance_p2p.py"
    good, versions = spider.read_text("utf-8"), place.api.versions()
    spider.write_text(f"import nowhere\n{good}", "utf-8")
    done = deploy()
    spider.write_text(good, "utf-8")
    assert done.returncode == 1
    assert "is taken back, what ran before runs on" in done.stderr
    assert "No module named 'nowhere'" in done.stderr
    assert "Traceback" not in done.stderr
    assert place.api.versions() == versions


@pytest.mark.usefixtures("deployed")
def test_a_version_that_sorts_after_it_is_named(deploy, place):
    egg = place.folder / "eggs/p2p_scrapy"
    shutil.copy(egg / f"{place.api.versions()[-1]}.egg", egg / "r9-main.egg")
    done = deploy()
    (egg / "r9-main.egg").unlink()
    assert done.returncode == 1
    assert "r9-main sorts after it" in done.stderr


@pytest.mark.usefixtures("deployed")
def test_a_relative_data_folder_is_refused_with_the_reason(place):
    place.api.schedule("deployed", "relative", {"P2P_DATA_DIR": "data"})
    wait_until(lambda: place.api.state("relative") == "finished", "the refusal")
    log = place.api.log("deployed", "relative")
    assert "P2P_DATA_DIR is 'data'; it must be an absolute path under scrapyd" in log
    assert "Traceback" not in log


@pytest.mark.usefixtures("deployed")
def test_no_secret_is_said_or_shipped(batch, folder, scrapyd, database):
    batch(interval_that_begins_now())
    started = "".join(line for line in scrapyd.said if "Process started" in line)
    assert "P2P_WINDOW_SECONDS=" in started
    said = "".join(scrapyd.said)
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".env"]
    logs = [path.read_text("utf-8") for path in files if path.suffix == ".log"]
    eggs = [zipfile.ZipFile(path) for path in files if path.suffix == ".egg"]
    assert len(logs) > 3
    assert eggs
    for secret in (PASSWORD, database):
        assert secret not in said + "".join(logs)
        assert not any(secret.encode() in egg.read(name) for egg in eggs for name in egg.namelist())


@contextmanager
def long_batch(place, lake):
    """A job of some ten seconds that has read its first pair: its process."""
    with running_exchange(ExchangeOptions(markets=300, ads=900, latency=0.5)) as slow:
        where = {"P2P_BASE_URL": slow.url, "P2P_DATA_DIR": str(lake)}
        place.api.schedule("binance_p2p", "long", where)
        running = wait_until(lambda: place.api.jobs()["running"], "the job")
        wait_until(lambda: " | spread= " in place.api.log("binance_p2p", "long"), "its first pair")
        yield psutil.Process(running[0]["pid"])


@pytest.mark.usefixtures("deployed")
def test_nothing_is_started_beside_a_running_batch(place, cron, cron_log, folder):
    with long_batch(place, folder / "beside") as job:
        assert not any(PASSWORD in part or "postgres" in part for part in job.cmdline())
        done = cron(interval_that_begins_now())
        job.terminate()
        assert done.returncode == 0
        assert cron_log()[-1].endswith("nothing started, long is running")
        wait_until(lambda: place.api.state("long") == "finished", "the end of the batch")


@pytest.mark.usefixtures("deployed")
def test_a_stop_of_scrapyd_closes_the_running_batch(place, settings, folder):
    """As systemd stops the unit: SIGTERM to scrapyd and to its jobs."""
    stopped, lake = Place(folder / "stopped", settings), folder / "long"
    shutil.copytree(place.folder / "eggs", stopped.folder / "eggs")
    with stopped.running() as scrapyd, long_batch(stopped, lake) as job:
        scrapyd.process.terminate()
        job.terminate()
        job.wait(PATIENCE)
        ended = scrapyd.process.wait(PATIENCE)
        assert ended == -signal.SIGTERM  # Twisted's way, and a clean end to systemd
    (path,) = (lake / "raw/batches").rglob("batch_*.json")
    manifest = json.loads(path.read_text("utf-8"))
    assert (manifest["status"], manifest["stopped"]) == ("partial", "SIGTERM")


@pytest.mark.usefixtures("deployed")
def test_a_wrong_password_is_one_clear_line(deploy, cron):
    told = "does not accept user and password; SCRAPYD_USERNAME and SCRAPYD_PASSWORD must be what"
    done = deploy(SCRAPYD_PASSWORD="wrong")
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    interval = interval_that_begins_now()
    done = cron(interval, SCRAPYD_PASSWORD="wrong")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert cron(interval).returncode == 0  # it has recovered: the next test raises anew


@pytest.mark.usefixtures("deployed")
def test_a_scrapyd_that_is_away_raises_the_alarm_once_and_recovers(clone, folder, cron):
    replace_in(clone / "scrapy.cfg", "http://127.0.0.1:", "http://127.0.0.2:")
    alerts, standing = folder / "data/alerts", folder / "data/alerts/standing.json"
    before = len(list(alerts.glob("*_scrapyd_away.alert")))
    interval = interval_that_begins_now()
    first, second = cron(interval), cron(interval)
    replace_in(clone / "scrapy.cfg", "http://127.0.0.2:", "http://127.0.0.1:")
    assert first.returncode == second.returncode == 1
    assert "ALERT scrapyd_away: scrapyd at 127.0.0.2:" in first.stderr
    assert "does not answer" in first.stderr
    assert second.stderr == ""
    assert len(list(alerts.glob("*_scrapyd_away.alert"))) == before + 1
    assert "scrapyd_away" in json.loads(standing.read_text("utf-8"))["standing"]
    assert cron(interval).returncode == 0
    assert "scrapyd_away" not in json.loads(standing.read_text("utf-8"))["standing"]


def test_without_scrapyd_the_same_line_takes_the_batch(folder, clone, settings):
    file, data = folder / "plain.env", folder / "plain"
    given = settings | {
        "P2P_DATA_DIR": str(data),
        "P2P_INTERVAL_SECONDS": str(interval_that_begins_now()),
        "DATABASE_URL": "none",
    }
    file.write_text("".join(f"{name}='{value}'\n" for name, value in given.items()))
    cron = Cron(clone, file)
    done = cron(BATCHES_BY="plain")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (manifest,) = (data / "raw/batches").rglob("batch_*.json")
    assert json.loads(manifest.read_text("utf-8"))["status"] == "completed"
    assert cron(BATCHES_BY="plain").returncode == 0
    log = (data / "logs/cron.log").read_text("utf-8").splitlines()
    assert log[0].endswith("completed")
    assert log[1].endswith(f"nothing started, it has {manifest.name}")
    assert len(list((data / "raw/batches").rglob("batch_*.json"))) == 1
