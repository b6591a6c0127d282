"""What every area's tests share: where the project is, and how a person runs it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from p2p_scrapy.browser import chromium as browser
from p2p_scrapy.browser.chromium import NoChromiumError
from p2p_scrapy.warehouse.embedded.place import ELSEWHERE

settings.register_profile("project", database=None, deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def _no_cluster_is_left(tmp_path_factory):
    """Where we are root, clusters of pytest's closed folders lie elsewhere: docs/embedded.md."""
    yield
    for link in tmp_path_factory.getbasetemp().rglob("postgres"):
        if link.is_symlink() and link.resolve().parent == ELSEWHERE:
            shutil.rmtree(link.resolve(), ignore_errors=True)


@pytest.fixture(scope="session")
def chromium():
    """Where Chromium is; a test that needs it is skipped on a machine that has none."""
    try:
        return browser.path()
    except NoChromiumError as absent:
        pytest.skip(str(absent))


@pytest.fixture
def open_folder():
    """A folder that the embedded server's user can enter, where we are root; pytest's it cannot."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def scrapy_command(tmp_path):
    """Start ``scrapy ...`` as a process of its own, with a data folder of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("P2P_")}
    environment["P2P_DATA_DIR"] = str(tmp_path / "data")
    environment["DATABASE_URL"] = "none"  # but where a test says otherwise
    started = []

    def start(*arguments, cwd=ROOT, **more):
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *arguments],
            cwd=cwd,
            env={**environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def scrapy(scrapy_command):
    """Run ``scrapy ...`` to its end."""

    def run(*arguments, **more):
        process = scrapy_command(*arguments, **more)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    return run


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 256 kB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
