"""Chromium and its driver: killed in mid-batch they are started anew, and none outlives its run."""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange


@pytest.fixture
def guarded():
    """Admits only browsers, with a round trip that leaves time to interfere."""
    options = ExchangeOptions(markets=30, ads=400, latency=0.4, admit="browsers")
    with running_exchange(options) as exchange:
        yield exchange


@pytest.fixture
def scratch():
    """The TMPDIR of a run and its processes; short, for Chromium puts a socket's name below it."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def begin(chromium, scrapy_command, crawl_of, guarded, scratch):  # noqa: ARG001
    """Begin a batch by the browser; it has asked some of its markets when this returns."""

    def start(*more):
        asked = ["-s", "P2P_TRANSPORT=browser", "-s", "P2P_TIME_LAPSE=10", *more]
        process = scrapy_command(*crawl_of(guarded, *asked), TMPDIR=str(scratch))
        until(lambda: guarded.requests()["search"] > 8 or process.poll() is not None)
        return process

    return start


def until(condition, seconds=60):
    """Wait for something that another process does; there is no event to wait on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def processes(scratch):
    """Command lines of the living processes that belong to a run, by their id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = {name: (folder / name).read_bytes() for name in ("cmdline", "environ")}
        except OSError:  # it has ended meanwhile, or is another user's
            continue
        if any(os.fsencode(scratch) in each for each in told.values()) and told["cmdline"]:
            found[int(folder.name)] = told["cmdline"].decode(errors="replace").replace("\0", " ")
    return found


def strike(scratch, wanted, number):
    """Send a signal to all that match: Chromium keeps a spare page, which looks like the other."""
    found = [pid for pid, command in processes(scratch).items() if wanted(command)]
    assert found
    for pid in found:
        os.kill(pid, number)


IS = {
    "the browser": lambda command: "--user-data-dir=" in command and "--type=" not in command,
    "the page": lambda command: "--type=renderer" in command,
    "the driver": lambda command: "run-driver" in command,
}


@pytest.mark.parametrize("what", IS)
def test_what_is_killed_in_mid_batch_is_started_anew(begin, guarded, scratch, lake, what):
    process = begin()
    strike(scratch, IS[what], signal.SIGKILL)
    _, err = process.communicate(timeout=100)
    (manifest,) = lake.manifests()
    assert (process.returncode, manifest["status"]) == (0, "completed"), err
    assert err.count("Chromium has opened") == guarded.requests()["pages"] == 2
    assert manifest["errors"].keys() == {"page_lost"}
    book = guarded.book()
    assert len({ad["adv_no"] for ad in lake.ads()}) == book["unique_ads"]
    until(lambda: not processes(scratch))


def test_a_page_that_hangs_is_given_up_and_opened_anew(begin, scratch, lake):
    process = begin("-s", "P2P_TIMEOUT_SECONDS=2")
    strike(scratch, IS["the page"], signal.SIGSTOP)
    _, err = process.communicate(timeout=150)
    (manifest,) = lake.manifests()
    assert (process.returncode, manifest["status"]) == (0, "completed"), err
    assert manifest["errors"].keys() <= {"timeout", "page_lost"}
    assert manifest["errors"]["timeout"]
    until(lambda: not processes(scratch))


@pytest.mark.parametrize("how", [{"P2P_TRANSPORT": "browser"}, {}])
def test_without_chromium_a_run_is_refused_in_a_line(scrapy, lake, tmp_path, how):
    given = [] if how else ["-s", "P2P_TRANSPORT=browser"]
    result = scrapy("crawl", "binance_p2p", *given, PATH=str(tmp_path), **how)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "scrapy crawl: there is no Chromium on this machine; apt-get install chromium on Debian"
    )
    assert "Traceback" not in result.stderr
    assert not lake.folder.exists()


def test_nothing_is_left_after_a_run(begin, scratch, lake):
    process = begin()
    assert len(processes(scratch)) > 3
    process.communicate(timeout=100)
    assert (process.returncode, len(lake.manifests())) == (0, 1)
    assert processes(scratch) == {}
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_a_run_that_is_ended(begin, scratch, number):
    process = begin()
    process.send_signal(number)
    process.communicate(timeout=100)
    until(lambda: not processes(scratch))


def test_who_is_no_longer_admitted_opens_the_page_anew(begin, guarded, lake):
    process = begin("-s", "P2P_TIME_LAPSE=100")
    guarded.adjust(admit="browsers")  # forgets whom it has let in
    _, err = process.communicate(timeout=100)
    (manifest,) = lake.manifests()
    assert (process.returncode, manifest["status"]) == (0, "completed"), err
    assert manifest["errors"].keys() == {"blocked"}
    assert guarded.requests()["pages"] == 2
