"""Closed batches of a day, and slices small enough to be cut."""

from datetime import timedelta

import pytest

from items import snapshot_id
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake import slices
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths
from tests.lake.merge.merged import BOOK


@pytest.fixture
def lake(tmp_path, ad_row, record):
    """Write and close a batch, so many minutes after 13:30, as the census does."""

    def close(minutes=0, book=BOOK, *, sample=False, data_dir=tmp_path / "data", **more):
        at = record.started_at + timedelta(minutes=minutes)
        paths = BatchPaths(data_dir, at, sample)
        log = Journal(paths.journal)
        for adv_no, side, fiat, asset, rank in book:
            times = {"fetched_at": at, "observed_at": at + timedelta(seconds=rank or 0)}
            same = {"venue": "binance", "snapshot_id": snapshot_id(at, side), "surplus_amount": 1.0}
            same["advertiser_no"] = "u1"
            log.append("ad", ad_row(adv_no, side, fiat, asset, rank, **times, **(same | more)))
        log.close()
        record.started_at = at
        close_batch(record, paths)
        record.started_at = at - timedelta(minutes=minutes)
        return paths

    return close


@pytest.fixture
def small_slices(monkeypatch):
    """Cut after every few rows, by all of them."""

    def cut_after(rows):
        monkeypatch.setattr(slices, "SLICE_ROWS", rows)
        monkeypatch.setattr(slices, "_SAMPLED", 1)

    return cut_after
