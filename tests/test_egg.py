"""The egg that scrapyd gets: complete, and it runs zipped, far from the project's folder."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def egg(root, tmp_path_factory):
    tree = tmp_path_factory.mktemp("tree") / "project"
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    listed = [name for name in files if (root / name).exists()]
    for name in listed:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, tree / name)
    built = subprocess.run(
        [sys.executable, "setup.py", "--quiet", "bdist_egg", "-d", tree / "out"],
        cwd=tree, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (path,) = (tree / "out").glob("*.egg")
    return path, listed


def test_the_egg_holds_every_module_of_the_packages(egg):
    path, listed = egg
    inside = set(zipfile.ZipFile(path).namelist())
    ours = [name for name in listed if name.split("/")[0] in ("p2p_scrapy", "items", "pipelines")]
    assert [name for name in ours if name not in inside] == []
    assert not any(name.startswith(("tests", "benchmarks")) for name in inside)
    entry_points = zipfile.ZipFile(path).read("EGG-INFO/entry_points.txt").decode()
    assert "[scrapy]\nsettings = p2p_scrapy.settings" in entry_points


def test_the_egg_runs_zipped(egg, tmp_path):
    path, _ = egg
    environment = {
        **os.environ,
        "PYTHONPATH": str(path),
        "SCRAPY_SETTINGS_MODULE": "p2p_scrapy.settings",
    }
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert listed.stdout.split() == [
        "binance_futures_history",
        "binance_futures_stream",
        "binance_p2p",
        "deployed",
    ]
