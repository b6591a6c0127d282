"""The file that all processes add to: nothing is lost, whoever writes at the same time."""

import fcntl
import subprocess
import sys

import pytest

from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics import turn
from p2p_scrapy.watch.metrics.state_file import StateFile
from p2p_scrapy.watch.metrics.tally import Tally
from p2p_scrapy.watch.metrics.turn import BusyError

WRITER = """
import sys
from pathlib import Path
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.state_file import StateFile
from p2p_scrapy.watch.metrics.tally import Tally

folder, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
file = StateFile(folder)
sys.stdin.read(1)  # both begin together
for _ in range(times):
    tally = Tally()
    tally.count(metrics.OFFERS, "VES", "USDT", "BUY", by=2)
    tally.count(metrics.REFUSED, name)
    tally.observe(metrics.REQUEST_DURATION, 0.25)
    file.change(lambda state: state.add(tally.series()))
"""
TIMES = 60


@pytest.fixture
def file(tmp_path):
    return StateFile(tmp_path)


def count(file, by=1):
    tally = Tally()
    tally.count(metrics.WRITE_ERRORS, by=by)
    return file.change(lambda state: state.add(tally.series()))


def test_two_processes_that_write_at_once_lose_nothing(tmp_path, root, file):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name, str(TIMES)],
            cwd=root, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("one", "other")
    ]  # fmt: skip
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert (writer.returncode, err) == (0, "")
    state = file.read()
    assert state.get(metrics.OFFERS, "VES", "USDT", "BUY") == 2 * 2 * TIMES
    assert [state.get(metrics.REFUSED, name) for name in ("one", "other")] == [TIMES, TIMES]
    text = file.path.read_text()
    assert f'p2p_api_request_duration_seconds_bucket{{le="0.25"}} {2 * TIMES:.1f}' in text
    assert f"p2p_api_request_duration_seconds_sum {0.25 * 2 * TIMES}" in text
    assert [path.name for path in sorted(file.path.parent.iterdir())] == [".p2p.lock", "p2p.prom"]


def test_what_another_has_written_meanwhile_is_not_overlooked(tmp_path, file):
    count(file)
    count(StateFile(tmp_path), by=10)
    count(file, by=100)
    assert file.read().get(metrics.WRITE_ERRORS) == 111


@pytest.mark.parametrize("content", [b"half a li", b"\xff\xfe\n", b"p2p_batches_waiting\n", b""])
def test_a_damaged_file_is_put_aside_with_a_warning(file, caplog, content):
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    count(file)
    count(file)
    assert file.read().get(metrics.WRITE_ERRORS) == 2
    aside = file.path.with_name("p2p.damaged")
    assert aside.read_bytes() == content
    (line,) = caplog.messages
    assert "is damaged" in line
    assert str(aside) in line


def test_a_writing_that_fails_changes_nothing(file, monkeypatch):
    count(file)

    def full(*_args):
        raise OSError("no space left")

    monkeypatch.setattr("p2p_scrapy.watch.metrics.state_file.write_bytes", full)
    with pytest.raises(OSError, match="no space left"):
        count(file)
    monkeypatch.undo()
    count(file)
    assert file.read().get(metrics.WRITE_ERRORS) == 2


def test_a_process_that_holds_the_file_is_not_waited_for_for_ever(file, monkeypatch):
    monkeypatch.setattr(turn, "LOCK_SECONDS", 0.0)
    count(file)
    with file.path.with_name(".p2p.lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match="another process has held"):
            count(file)
    count(file)
    assert file.read().get(metrics.WRITE_ERRORS) == 2


def test_without_a_file_there_is_nothing(file):
    assert file.read().get(metrics.WRITE_ERRORS) is None
