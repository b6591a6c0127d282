"""A real scrapyd in a folder of its own, and a clone of the project to deploy from.

The clone is brought to the state of the working tree: what is not committed is in no clone, and is
what a test is about. Where all is committed that changes nothing.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from p2p_scrapy.scrapyd_api import Scrapyd

ROOT = Path(__file__).resolve().parent.parent.parent
USER, PASSWORD = "operator", "correct horse %20 $HOME"
PATIENCE = 60.0


def bare_environment():
    """What cron gives a command, and systemd little more: no setting comes from whoever tests."""
    return {
        "SHELL": "/bin/sh",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": os.environ.get("HOME", "/"),
        "LOGNAME": "p2p",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class RunningScrapyd:
    """A scrapyd as the systemd unit starts it; ``said`` is its log so far."""

    def __init__(self, folder, port, settings):
        self.port = port
        self.said = []
        self._is_up = Event()
        environment = bare_environment() | settings | {"SCRAPYD_HTTP_PORT": str(port)}
        command = [str(Path(sys.executable).parent / "scrapyd"), "--pidfile="]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self._reader = Thread(target=self._read)
        self._reader.start()
        if not self._is_up.wait(PATIENCE) or self.process.poll() is not None:
            self.stop()
            raise AssertionError("".join(self.said))

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line)
            if "Site starting on" in line:
                self._is_up.set()
        self._is_up.set()

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self._reader.join()
        self.process.stdout.close()


class Place:
    """scrapyd's folder, in which it can be started again."""

    def __init__(self, folder, settings):
        self.folder = folder
        self.settings = settings
        self.port = free_port()
        folder.mkdir()
        shutil.copy(ROOT / "deploy/scrapyd.conf", folder)

    @property
    def api(self):
        return Scrapyd(f"http://127.0.0.1:{self.port}/", "p2p_scrapy", self.settings)

    @contextmanager
    def running(self):
        scrapyd = RunningScrapyd(self.folder, self.port, self.settings)
        try:
            yield scrapyd
        finally:
            scrapyd.stop()


def wait_until(is_so, what):
    """Ask again and again: neither scrapyd nor its jobs tell by themselves."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := is_so()):
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:.0f} s"
        time.sleep(0.1)
    return answer


def clone_of_project(folder, port):
    """A clone that knows that scrapyd, with the environment that runs these tests as its own."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    for name in _git(ROOT, "ls-files", "-z", "--cached").split("\0"):
        if name and not (ROOT / name).exists():
            (folder / name).unlink(missing_ok=True)
    for name in _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split(
        "\0"
    ):
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    replace_in(folder / "scrapy.cfg", ":6800/", f":{port}/")
    return folder


def replace_in(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def state_of(clone):
    """What differs from the commit, ignored files too."""
    return _git(clone, "status", "--porcelain", "--ignored")


def _git(folder, *arguments):
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout
