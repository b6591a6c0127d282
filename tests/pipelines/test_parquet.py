import os

import pytest
from scrapy.exceptions import DropItem

from pipelines.parquet import ParquetPipeline


def test_an_ad_is_journaled_and_passed_on(batch, of_crawl, ad, journaled):
    pipeline = of_crawl(ParquetPipeline, batch)
    first, second = ad(adv_no="1"), ad(adv_no="2", price=None)
    assert pipeline.process_item(first) is first
    assert journaled(batch, "ad") == [list(first.row())]
    assert pipeline.process_item(second) is second
    assert journaled(batch, "ad") == [list(first.row()), list(second.row())]
    (sweep,) = batch.ledger.sweeps.values()
    assert (sweep.kept, sweep.prices) == (2, [58.1])


def test_on_a_full_disk_an_ad_is_dropped_and_the_batch_ends(
    new_batch, small_disk, of_crawl, ad, journaled
):
    batch = new_batch(data_dir=small_disk / "data")
    pipeline = of_crawl(ParquetPipeline, batch)
    pipeline.process_item(ad(adv_no="1"))
    with (small_disk / "ballast").open("wb", buffering=0) as file:
        while file.write(b"x" * 4096) == 4096 and os.statvfs(small_disk).f_bavail:
            pass
    with pytest.raises(DropItem, match="no space left for") as caught:
        pipeline.process_item(ad(adv_no="2", advertiser_name="x" * 100_000))
    assert caught.value.log_level == "DEBUG"
    assert [row[4] for row in journaled(batch, "ad")] == ["1"]
    assert batch.dispatcher.has_stopped
    assert "disk_full" in batch.alerts.raised
    (sweep,) = batch.ledger.sweeps.values()
    assert sweep.kept == 1
