"""SIGKILL at random moments: nothing that had passed the pipelines is ever lost."""

import random
import signal
import time

import pyarrow.parquet as pq
import pytest


def until(condition, seconds=30):
    """Wait for something that another process does; there is no event to wait on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def witnessed(path):
    return path.read_text().split() if path.exists() else []


@pytest.fixture
def killed_batch(scrapy_command, crawl_of, slow_exchange, tmp_path, root):
    """Kill a batch when so many ads have passed, or so long into its close."""
    witness = tmp_path / "witness"

    def kill(ads, close_delay):
        witness.unlink(missing_ok=True)
        process = scrapy_command(
            *crawl_of(
                slow_exchange,
                "-s",
                'ITEM_PIPELINES={"pipelines.validation.ValidationPipeline": 100,'
                '"pipelines.deduplication.DeduplicationPipeline": 200,'
                '"pipelines.parquet.ParquetPipeline": 300, "witness.WitnessPipeline": 900}',
            ),
            WITNESS=str(witness),
            COVERAGE_PROCESS_CONFIG="",  # what is killed tells nothing
            PYTHONPATH=str(root / "tests/life"),
        )
        until(lambda: len(witnessed(witness)) >= ads or process.poll() is not None)
        time.sleep(close_delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return witnessed(witness)

    return kill


@pytest.mark.parametrize("moments", [9, pytest.param(30, marks=pytest.mark.long)])
def test_no_moment_of_a_kill_loses_an_ad(
    killed_batch, scrapy, crawl_of, slow_exchange, lake, moments
):
    rng = random.Random(20261121)
    whole = len(
        {
            ad
            for market in slow_exchange.book()["markets"]
            for ad in (*market["natural"], *market["promoted"])
        }
    )
    for moment in range(moments):
        near_the_end = moment % 3 == 0  # a third of them in the close, where files are written
        ads = whole if near_the_end else rng.randrange(1, whole)
        passed = killed_batch(ads, rng.uniform(0, 0.25) if near_the_end else 0)
        visible = [p for p in lake.folder.rglob("*.parquet") if not p.name.startswith(".")]
        assert all(pq.ParquetFile(path).metadata.num_rows >= 0 for path in visible)
        # The next start recovers it; one market is enough to start.
        assert (
            scrapy(*crawl_of(slow_exchange, "-a", "fiats=VND", "-a", "assets=BTC")).returncode == 0
        )
        assert lake.journals() == []
        killed = lake.manifests()[-2]
        kept = {ad["adv_no"] for ad in lake.ads() if ad["batch_id"] == killed["batch_id"]}
        assert set(passed) <= kept
        assert killed["status"] in ("partial", "completed")
        for path in lake.folder.rglob("*"):
            if path.is_file() and path.suffix in (".parquet", ".json", ".alert"):
                path.unlink()
