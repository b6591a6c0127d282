"""``make deploy``: the project as an egg to the scrapyd of scrapy.cfg, and proof that it runs.

scrapyd lists eggs by their file names, in which a dot is an underscore, and runs the last. Two dots
make that an order of text: 0_1_0_post10 comes before 0_1_0_post9, and 0_10_0 before 0_9_0. So a
version begins with the UTC second of its deploy, which sorts alike as text and by PEP 440, and goes
on with the project's version and the commit: 20261121164218.0.1.0+g887e690.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from p2p_scrapy.errors import P2PError
from p2p_scrapy.scrapyd_api import Scrapyd, ScrapydError, stored
from p2p_scrapy.spiders.deployed import DeployedSpider

ROOT = Path(__file__).resolve().parent.parent
EGG_SOURCES = ("p2p_scrapy", "items", "pipelines", "setup.py", "pyproject.toml", "README.md")
JOB_SECONDS = 120.0
"""For the job that names its version; it takes two seconds where a process is free for it."""


class DeployError(P2PError):
    """The egg could not be built, or is not what scrapyd runs."""


def new_version(now: datetime, release: str) -> str:
    """Later than any before it, by the clock; unique, since a deploy takes longer than a second."""
    return f"{now:%Y%m%d%H%M%S}.{release}{_commit()}"


def _release() -> str:
    """The project's version."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def _commit() -> str:
    """``+g887e690``, with ``.dirty`` where files differ from it; empty outside a repository."""
    owned = f"safe.directory={ROOT}"  # it may be root's, and we not
    command = ["git", "-c", owned, "describe", "--always", "--dirty=.dirty", "--exclude=*"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return f"+g{told.stdout.strip()}" if told.returncode == 0 else ""


def build(version: str, folder: Path) -> Path:
    """The egg, built in a copy of the sources: nothing is left beside these.

    Raises:
        DeployError: setuptools cannot; its last line says why.
    """
    for name in EGG_SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    described = folder / "pyproject.toml"
    text = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', described.read_text("utf-8"))
    described.write_text(text, "utf-8")
    command = [sys.executable, "setup.py", "--quiet", "bdist_egg", "-d", "egg"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DeployError(f"the egg cannot be built: {_last_line(done.stderr)}")
    (egg,) = (folder / "egg").glob("*.egg")
    return egg


def upload(egg: Path, version: str) -> None:
    """Send it with scrapyd-client, which takes user and password from scrapy.cfg, so from here.

    Raises:
        DeployError: scrapyd does not take it.
    """
    program = str(Path(sys.executable).parent / "scrapyd-deploy")
    command = [program, "--egg", str(egg), "--version", version]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise DeployError(f"scrapyd-deploy: {_last_line(done.stdout + done.stderr)}") from None
    if told["status"] != "ok":
        raise DeployError(f"scrapyd does not take the egg: {_last_line(told['message'])}")


def prove_it_runs(scrapyd: Scrapyd, version: str) -> str:
    """See that it is the last of all versions, can be imported there, and is what a job runs.

    Returns:
        What the job has said of itself.

    Raises:
        P2PError: one of these is not so.
    """
    newest = scrapyd.versions()[-1]
    if newest != stored(version):
        hint = (
            f"remove it (curl -d project={scrapyd.project} -d version={newest} …/delversion.json)"
        )
        raise DeployError(f"{newest} sorts after it, so scrapyd would run that; {hint}")
    if "binance_p2p" not in scrapyd.spiders(version):
        raise DeployError("the egg has no spider binance_p2p")
    return _run(scrapyd, version)


def _run(scrapyd: Scrapyd, version: str) -> str:
    """Let scrapyd choose the version, as it does for a batch, and read the job's log."""
    spider, job = DeployedSpider.name, f"deployed-{stored(version)}"
    scrapyd.schedule(spider, job, {})
    deadline = time.monotonic() + JOB_SECONDS
    while (state := scrapyd.state(job)) != "finished":
        if time.monotonic() > deadline:
            raise DeployError(f"its job {job} is still {state} after {JOB_SECONDS:.0f} s")
        time.sleep(0.2)
    log = scrapyd.log(spider, job)
    if told := re.search(rf"p2p_scrapy {re.escape(version)} from .+", log):
        return told[0]
    raise DeployError(f"its job {job} did not name it: {_last_line(log)}")


def main() -> int:
    """Deploy; 0 where this version is what scrapyd runs from now on."""
    version = new_version(datetime.now(UTC), _release())
    try:
        scrapyd = Scrapyd.of_project()
        scrapyd.versions()  # is it there, and does it take user and password?
        with tempfile.TemporaryDirectory(prefix="p2p-egg-") as folder:
            egg = build(version, Path(folder))
            line = _deploy(scrapyd, egg, version)
    except P2PError as error:
        print(f"deploy: {error}", file=sys.stderr)
        return error.exit_code
    print(f"Deployed to scrapyd at {scrapyd.place}, and a job there is {line}")
    return 0


def _deploy(scrapyd: Scrapyd, egg: Path, version: str) -> str:
    """Send the egg, and prove it; an egg that is no good would be what runs next, so it goes."""
    try:
        upload(egg, version)
        return prove_it_runs(scrapyd, version)
    except P2PError as error:
        with suppress(ScrapydError):  # it may not have come so far
            scrapyd.remove(version)
        raise DeployError(f"{version} is taken back, what ran before runs on: {error}") from error


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it says nothing"


if __name__ == "__main__":
    sys.exit(main())
