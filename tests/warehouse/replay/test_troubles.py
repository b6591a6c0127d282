"""What goes wrong while batches are loaded costs nothing: nothing is lost, nothing is double."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from p2p_scrapy.errors import DatabaseLostError
from p2p_scrapy.warehouse import loading as loading_module
from p2p_scrapy.warehouse.embedded import EmbeddedServer
from p2p_scrapy.warehouse.embedded.place import NAME
from p2p_scrapy.warehouse.embedded.processes import recorded_pid
from p2p_scrapy.warehouse.statement import statement
from tests.warehouse.replay.content import NEVER, TABLES, Reader, content, differences
from tests.warehouse.replay.simulated.histories import FEW

KILLS = 20
LOADING = """
import os
import sys
from pathlib import Path

from p2p_scrapy.warehouse.loader import loader
from p2p_scrapy.warehouse.period import Period
from p2p_scrapy.warehouse.quality import Thresholds

for line in sys.stdin:
    child = os.fork()
    if not child:
        with loader(sys.argv[1], Path(sys.argv[2]), Thresholds(0.995, 0.2, 0.5)) as warehouse:
            getattr(warehouse, line.strip())(Period())
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Loading:
    """A process that forks one that loads, as often as it is told to; each may be killed."""

    def __init__(self, dsn, data_dir, root):
        self.process = subprocess.Popen(
            [sys.executable, "-c", LOADING, dsn, str(data_dir)],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def begin(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()

    def told(self):
        return int(self.process.stdout.readline())


@pytest.fixture
def loading_process(database, written_lake, root):
    started = []

    def start():
        started.append(Loading(database, written_lake, root))
        return started[-1]

    yield start
    for each in started:
        each.process.communicate()


def test_two_loaders_at_once_take_turns(loading_process, database, whole):
    both = [loading_process(), loading_process()]
    for each in both:
        each.begin("catch_up")
    assert [(each.told() > 0, each.told()) for each in both] == [(True, 0)] * 2
    assert differences(content(database), whole) == {}


def test_kills_at_any_moment_lose_nothing_and_double_nothing(loading_process, database, whole):
    rng, process, ends, loaded = random.Random(20261121), loading_process(), [], 0
    for kill in range(KILLS):
        # A rebuild holds all batches in one transaction; catching up has a few to go each time.
        process.begin("rebuild" if kill % 2 and loaded == FEW else "catch_up")
        child = process.told()
        time.sleep(rng.uniform(0, 0.2) if loaded < FEW else rng.uniform(0.05, 0.8))
        os.kill(child, signal.SIGKILL)
        ends.append(process.told())
        with Reader(database) as reader:
            batches = reader.run("SELECT count(*) FROM warehouse.batch")[0][0]
            assert loaded <= batches <= FEW
            assert [reader.run(TABLES[name]) for name in NEVER] == [[]] * len(NEVER)
            loaded = batches
    process.begin("catch_up")
    assert (process.told() > 0, process.told()) == (True, 0)
    assert ends.count(signal.SIGKILL) >= KILLS / 2
    assert differences(content(database), whole) == {}


@pytest.mark.parametrize("step", ["advertisers", "differences", "versions", "books", "unstage"])
def test_a_connection_that_breaks_undoes_the_batch_alone(
    database, written_lake, loading_of, whole, monkeypatch, step
):
    seen = []

    def breaks(name):
        seen.append(name)
        if seen.count(step) == 3 and name == step:
            with Reader(database) as reader:
                reader.run(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name = 'p2p_scrapy'"
                )
        return statement(name)

    monkeypatch.setattr(loading_module, "statement", breaks)
    with pytest.raises(DatabaseLostError), loading_of(database, written_lake) as warehouse:
        warehouse.catch_up()
    with Reader(database) as reader:
        assert reader.run("SELECT count(*) FROM warehouse.batch") == [(2,)]
    with loading_of(database, written_lake) as warehouse:
        assert len(warehouse.catch_up().loaded) == FEW - 2
    assert differences(content(database), whole) == {}


@pytest.fixture
def own_server():
    """A server that only this test uses, so that it may be crashed; and its main process."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    folder.chmod(0o755)
    with EmbeddedServer(folder / "data") as running:
        yield running, lambda: recorded_pid((folder / "data" / NAME).resolve())
    shutil.rmtree(folder)


def test_a_server_that_crashes_comes_back_with_every_whole_batch(
    own_server, written_lake, loading_of, whole, monkeypatch
):
    running, postmaster = own_server
    begun = []

    def crashes(name):
        begun.append(name)
        if name == "versions" and begun.count(name) in {3, 5}:
            os.kill(postmaster(), signal.SIGQUIT)  # as pg_ctl stop -m immediate
        return statement(name)

    monkeypatch.setattr(loading_module, "statement", crashes)
    for _ in range(2):
        with pytest.raises(DatabaseLostError), loading_of(running.dsn, written_lake) as warehouse:
            warehouse.catch_up()
        running.start()
    with loading_of(running.dsn, written_lake) as warehouse:
        assert len(warehouse.catch_up().loaded) == FEW - 3
    assert differences(content(running.dsn), whole) == {}
