"""What the README and docs/ show is run as shown, in a copy of the project on a bundled exchange.

The blocks of a page run in its order: ``sh`` by a shell, ``python`` by this interpreter; a python
block that begins with a file's name in a comment is written there. What a test has to change, and
why: see ``as_run``.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Timer

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange

SOURCES = ("scrapy.cfg", "p2p_scrapy", "items", "pipelines", "deploy")
ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
NOT_RUN = {
    "make demo": "it installs packages from the network first; deploy/demo.py is run below",
    "make test": "it would run this test again",
    "make check": "it looks at the code, for as long as this whole suite takes",
    "make bench": "it takes minutes, and both cores",
    "make month": "it takes hours",
    "make proof": "it takes half an hour, and both cores",
    "make steady": "it takes minutes, and both cores",
    "make soak": "it takes minutes, and both cores",
    "make trials": "it takes minutes, on a machine with nothing else to do",
    "scrapy merge": "the batches of this lake are of today; tests/commands/test_merge.py runs it",
    "scrapy notify --test": "nobody is to be told here; tests/life/test_notify.py runs it",
    **dict.fromkeys(
        (
            *("apt-get ", "adduser ", "runuser ", "systemctl ", "editor ", "install ", "chmod "),
            *("cp ", "git ", "/srv/", "python3 -m venv "),
        ),
        "it sets up a server, as root; tests/operations/test_install.py looks at what it names",
    ),
}
SEEN_AT_WORK = {
    "collect": "The batch completed",
    "simulate": "exchange on http://",
    "binance_futures_stream": "frames | stored",
}
"""Commands that run until they are stopped, and what they say once they work."""


@pytest.fixture(scope="module")
def exchange():
    options = ExchangeOptions(fiats=("VES", "BOB", "VND"), ads=600)
    with running_exchange(options) as running:
        yield running


@pytest.fixture(scope="module")
def folder():
    """A copy of the project: what is shown writes into the folder that it is run in.

    Not below pytest's own folder, which the embedded server's user cannot enter where we are root.
    """
    copy = Path(tempfile.mkdtemp(prefix="p2p-"))
    copy.chmod(0o755)
    copy_project(copy)
    yield copy
    shutil.rmtree(copy)


def copy_project(copy):
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)


@pytest.fixture(scope="module")
def environment(folder, exchange):
    """The settings that a person would have made; no coverage is measured of the copy."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("P2P_", "COV"))
    }
    return ours | {
        "PATH": f"{Path(sys.executable).parent}:{ours['PATH']}",
        "P2P_BASE_URL": exchange.url,
        "P2P_DATA_DIR": str(folder / "data"),
        "P2P_REQUESTS_PER_MINUTE": "100000",
        "FUTURES_ARCHIVE_URL": exchange.url,
        "FUTURES_LISTING_URL": f"{exchange.url}/data.binance.vision",
        "FUTURES_WS_URL": exchange.url.replace("http:", "ws:"),
        "FUTURES_REST_URL": exchange.url,
        "STREAM_FLUSH_SECONDS": "1",
    }


@pytest.fixture(scope="module")
def run(folder, environment):
    """Run a command to its end; its exit code is 0."""

    def run_it(command):
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    return run_it


@pytest.fixture(scope="module")
def lake(run, exchange, folder):
    """Two batches: one that refused some ads, and one of everything."""
    exchange.adjust(faults=["renamed-keys=1@BOB/BTC"])
    run(["scrapy", "crawl", "binance_p2p"])
    exchange.adjust(faults=[])
    run(["scrapy", "crawl", "binance_p2p"])
    assert list(folder.glob("data/rejected/**/*.gz"))


@pytest.fixture(scope="module")
def run_for_good(folder, environment, tmp_path_factory):
    """Run a command that does not end by itself until it is seen to work; then stop it."""

    def run_it(command, marker):
        # A daemon would wait where a batch was completed before.
        settings = environment | {"P2P_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
        process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"], cwd=folder, env=settings,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        patience = Timer(60, process.kill)
        patience.start()
        seen = any(marker in line for line in process.stdout)
        process.terminate()
        said, _ = process.communicate()
        patience.cancel()
        assert seen, f"{command} did not say {marker!r}"
        assert process.returncode == 0, said

    return run_it


@pytest.fixture
def run_shell(run, run_for_good, exchange):
    """Run a line or a block of shell commands."""

    def run_them(text):
        words = text.split()
        named = words[1:3] if words[0] == "scrapy" else []
        marker = next((SEEN_AT_WORK[word] for word in named if word in SEEN_AT_WORK), None)
        if marker:
            run_for_good(as_run(text, "0"), marker)
        else:
            run(["sh", "-e", "-c", as_run(text, port_of(exchange))])

    return run_them


def as_run(text, port):
    """What is shown, but for what a test cannot do."""
    lines = [line for line in text.splitlines() if not line.startswith(tuple(NOT_RUN))]
    if shutil.which("curl") is None:
        lines = [line for line in lines if not line.startswith("curl ")]
    shown = "\n".join(lines)
    shown = shown.replace("8720", port)  # another program may listen there
    return shown.replace("Zinli", "Wise")  # the bundled exchange's currencies have other methods


def blocks(text):
    """The fenced blocks of a page: their language and content, in order."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def run_python(run, folder, exchange):
    """Run a block of Python, or put it where it says that it belongs."""

    def run_it(text):
        named = re.match(r"# (\S+\.py)\n", text)
        if named:
            (folder / named[1]).write_text(text)
        run([sys.executable, "-c", text.replace("8720", port_of(exchange))])

    return run_it


@pytest.fixture
def run_sql(folder, environment):
    """Ask the warehouse; or where files are asked, see that the pattern finds the snapshots.

    No engine of SQL that reads files is among our packages.
    """

    def find(pattern):
        manifests = list(folder.glob("data/raw/batches/**/*.json"))
        assert len(list(folder.glob(pattern))) == len(manifests) > 0

    def run_it(text):
        if files := re.findall(r"FROM '(.+)'", text):
            find(*files)
            return
        strict = f"\\set ON_ERROR_STOP on\n{text}"
        done = subprocess.run(
            ["scrapy", "sql"], cwd=folder, env=environment, input=strict, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{text}\n{done.stderr[-2000:]}"

    return run_it


def port_of(exchange):
    return exchange.url.rpartition(":")[2]


@pytest.mark.usefixtures("lake")
@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page(page, run_shell, run_python, run_sql):
    runners = {"sh": run_shell, "python": run_python, "sql": run_sql}
    for language, text in blocks((ROOT / page).read_text("utf-8")):
        if language:
            runners[language](text)


def commands_of_the_readme():
    text = (ROOT / "README.md").read_text("utf-8")
    return re.findall(r"^\| `(scrapy .+?)` \|", text, flags=re.MULTILINE)


def test_the_readme_has_commands():
    assert len(commands_of_the_readme()) >= 7


@pytest.mark.usefixtures("lake")
@pytest.mark.parametrize("command", commands_of_the_readme())
def test_a_command_of_the_readme(command, run_shell):
    run_shell(command)


def without_places(text, folder):
    """What is printed, but for where: the port and the folder are others each time."""
    return re.sub(r":\d+: ", ":PORT: ", text.replace(f"{folder}/", ""))


def test_the_demo_says_what_the_readme_shows(folder, run):
    said = without_places(run([sys.executable, str(folder / "deploy/demo.py")]), folder)
    readme = blocks((ROOT / "README.md").read_text("utf-8"))
    (shown,) = [text for _, text in readme if text.startswith("exchange on ")]
    told = without_places(shown, folder).splitlines()
    assert [line for line in told if line not in (*said.splitlines(), "...")] == []
