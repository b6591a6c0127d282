"""Bad input: one clear line, the right exit code, no traceback, nothing lost."""

import os
import subprocess

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["-s", "P2P_REQUESTS_PER_MINUTE=many"], "P2P_REQUESTS_PER_MINUTE is 'many'"),
        (["-s", "P2P_REQUESTS_PER_MINUTE_MAX=50"], "P2P_REQUESTS_PER_MINUTE_MAX, which is 50"),
        (["-s", "P2P_BASE_URL=ftp://x"], "P2P_BASE_URL"),
        (["-s", "P2P_PRICE_BANDS=USDT"], "P2P_PRICE_BANDS"),
        (["-s", "P2P_TIME_LAPSE=60"], "P2P_TIME_LAPSE"),
        (["-a", "fiats=BOLIVAR"], "fiats is 'BOLIVAR'"),
        (["-a", "fiats=V3S"], "fiats is 'V3S'"),
        (["-a", "fiat=VES"], "did you mean fiats?"),
        (["-a", "sides=UP"], "sides is 'UP'"),
        (["-a", "max_pages=0"], "max_pages is '0'"),
        (["-O", "/proc/nowhere/ads.csv"], "the feed /proc/nowhere/ads.csv cannot be written"),
        (["-O", "gopher://x/ads.csv"], "no gopher: here"),
        (["-O", "ads.parquet"], "Unrecognized output format 'parquet'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(scrapy, given, said, lake):
    result = scrapy("crawl", "binance_p2p", *given)
    assert result.returncode == 2
    assert said in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
    assert not lake.folder.exists()


def test_a_spider_that_does_not_exist(scrapy):
    result = scrapy("crawl", "binance_p2")
    assert result.returncode == 2
    assert "there is no spider 'binance_p2'; there are: " in result.stderr
    assert "binance_p2p" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_an_option_that_collect_does_not_have(scrapy):
    result = scrapy("collect", "--intervall", "30")
    assert result.returncode == 2
    assert "--intervall is no option" in result.stderr


def test_a_setting_from_the_environment_is_checked_too(scrapy):
    result = scrapy("crawl", "binance_p2p", P2P_RETRIES="-1")
    assert result.returncode == 2
    assert "P2P_RETRIES is '-1'" in result.stderr


def test_an_unwritable_folder(scrapy, tmp_path):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file/data"
    result = scrapy("crawl", "binance_p2p", P2P_DATA_DIR=str(folder))
    assert result.returncode == 1
    assert f"the data folder {folder} cannot be written" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_an_exchange_that_is_down(scrapy, lake):
    result = scrapy(
        "crawl", "binance_p2p", "-s", "P2P_BASE_URL=http://127.0.0.1:9",
        "-s", "P2P_TIME_LAPSE=1000",
    )  # fmt: skip
    assert result.returncode == 1
    assert "the exchange does not say which fiats it trades" in result.stderr
    assert "Traceback" not in result.stderr
    assert lake.manifests()[0]["status"] == "failed"
    assert "connection" in lake.alerts()


def test_a_second_batch_in_the_same_folder_is_refused(scrapy, scrapy_command, crawl_of):
    with running_exchange(ExchangeOptions(markets=100, ads=300, latency=0.5)) as exchange:
        first = scrapy_command(*crawl_of(exchange))
        for line in first.stderr:
            if "Spider opened" in line:
                break
        second = scrapy(*crawl_of(exchange))
        assert second.returncode == 4
        assert f"process {first.pid}" in second.stderr.splitlines()[-1]
        _, err = first.communicate(timeout=60)
    assert first.returncode == 0, err


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 400 kB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"mounting a small file system does not work here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_keeps_what_was_written(scrapy, crawl_of, small_disk):
    with running_exchange(ExchangeOptions(markets=8, ads=1500)) as exchange:
        result = scrapy(*crawl_of(exchange), P2P_DATA_DIR=str(small_disk))
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
        assert "no space left" in result.stderr
        (journal,) = small_disk.glob("journal/.*")
        in_journal = journal.stat().st_size
        assert in_journal > 100_000
        subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
        exchange.adjust(faults=[])
        after = scrapy(*crawl_of(exchange), P2P_DATA_DIR=str(small_disk))
    assert after.returncode == 0, after.stderr
    assert list(small_disk.glob("journal/.*")) == []
    assert len(list(small_disk.glob("raw/batches/**/*.json"))) == 2
