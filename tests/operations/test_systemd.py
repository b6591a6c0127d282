"""The units: systemd reads them without a word, and what they start is there and starts."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
MOST_EXPOSED = 20
"""In tenths, of 100: as systemd-analyze counts what an attacker could reach."""


@pytest.fixture(scope="module")
def analyze():
    """``systemd-analyze`` with these arguments: its exit code and all that it says."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine: the units are not verified")

    def run(*arguments):
        return subprocess.run(
            ["systemd-analyze", *arguments], capture_output=True, text=True, check=False
        )

    return run


def directives(unit):
    """The unit's lines by name; of one that stands twice, the last."""
    lines = unit.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_has_nothing_to_say_about_a_unit(unit, analyze, tmp_path):
    here = tmp_path / unit.name  # the programs are where this environment has them
    text = unit.read_text("utf-8").replace("/srv/p2p-scrapy/.venv", sys.prefix)
    here.write_text(text.replace("/srv/p2p-scrapy", str(ROOT)), "utf-8")
    done = analyze("verify", here)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_exposes_little(unit, analyze):
    done = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", unit)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_kept_up_and_stops_in_time_for_a_batch(unit):
    said = directives(unit)
    assert said["Restart"] == "always"
    assert int(said["TimeoutStopSec"]) > 60
    assert said["User"] == "p2p"
    assert said["EnvironmentFile"] == "/etc/p2p-scrapy.env"
    assert "/var/lib/p2p-scrapy" in said["ReadWritePaths"]
    assert said.keys() >= {"NoNewPrivileges", "ProtectSystem", "ProtectHome"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SCRAPYD_USERNAME": "a", "SCRAPYD_PASSWORD": "b"}, None),
        ({"SCRAPYD_USERNAME": "a", "SCRAPYD_PASSWORD": ""}, "SCRAPYD_PASSWORD"),
        ({}, "SCRAPYD_USERNAME"),
    ],
)
def test_scrapyd_does_not_start_without_user_and_password(given, missing):
    command = directives(ROOT / "deploy/systemd/p2p-scrapyd.service")["ExecStartPre"]
    shell, script = re.fullmatch(r"(/bin/sh) -c '(.+)'", command).groups()
    done = subprocess.run(
        [shell, "-c", script.replace("$$", "$")], env=given, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is (missing is None)
    assert not missing or f"{missing}: is empty in /etc/p2p-scrapy.env" in done.stderr


def test_the_example_of_settings_is_read_alike_by_sh_and_by_systemd():
    example = ROOT / "deploy/p2p-scrapy.env"
    lines = [line for line in example.read_text("utf-8").splitlines() if not line.startswith("#")]
    told = dict(re.fullmatch(r"([A-Z0-9_]+)='([^']*)'", line).groups() for line in lines if line)
    script = f"set -a; . {example}; exec env"
    done = subprocess.run(
        ["/bin/sh", "-c", script], env={}, capture_output=True, text=True, check=True
    )
    read = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert read | told == read
    assert told["P2P_DATA_DIR"] == "/var/lib/p2p-scrapy"
