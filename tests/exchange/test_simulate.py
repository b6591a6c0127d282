"""The command, as a process: its line, its end, and what it refuses."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def simulate(tmp_path):
    """Starts the command with settings of its own, so that only the command is tested."""
    (tmp_path / "bare_settings.py").write_text('COMMANDS_MODULE = "p2p_scrapy.commands"\n')
    paths = os.pathsep.join((str(tmp_path), str(ROOT)))
    surroundings = os.environ | {"SCRAPY_SETTINGS_MODULE": "bare_settings", "PYTHONPATH": paths}

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", "simulate", *arguments],
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    return start


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_says_where_it_listens_and_ends_well_when_told_to(simulate, number):
    with simulate("--port", "0", "--markets", "3", "--ads", "60", "--latency-ms", "1") as process:
        line = process.stdout.readline()
        assert line.startswith("exchange on http://127.0.0.1:")
        assert line.endswith("2 sides, 3 markets, 60 ads (seed 1); Ctrl-C stops it\n")
        with urlopen(f"{line.split()[2].rstrip(':')}/exchange/book") as answer:
            assert answer.status == 200
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_refuses_what_cannot_be_with_one_line(simulate):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = {
            ("--port", str(taken.getsockname()[1])): "choose another --port",
            ("--port", "70000"): "--port is 70000, but must be from 0",
            ("--fault", "fire=1"): "KIND one of bad-ads, bad400,",
        }
        for arguments, reason in refused.items():
            with simulate("--ads", "10", *arguments) as process:
                output, errors = process.communicate(timeout=20)
            assert process.returncode == 2, arguments
            assert reason in errors
            assert (output, errors.count("\n")) == ("", 1)


def test_replays_a_folder(simulate, captures):
    with simulate("--port", "0", "--replay", str(captures)) as process:
        line = process.stdout.readline()
        assert "recorded requests of BOB, INR" in line or "recorded requests of BOB, KZT" in line
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0
