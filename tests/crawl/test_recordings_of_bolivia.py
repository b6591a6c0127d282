"""Replayed recordings of Bolivia: every recorded moment is a batch, held to the last digit."""

from collections import defaultdict
from hashlib import sha256

import pytest

from tests.crawl.recordings import holds, market_of, recordings_of


@pytest.fixture(scope="module")
def bolivia(census, replayed, new_folder, captures):
    """A batch for each recorded moment, one after the other, with what was recorded then."""
    moments = defaultdict(list)
    for recording in recordings_of(captures, "usdt_bob_usd_*.gz", fiat="BOB"):
        moments[recording["recorded_at"]].append(recording)
    exchange, folder = replayed(), new_folder()
    return [(census(exchange, folder, fiats="BOB"), moments[at]) for at in sorted(moments)]


def test_every_recorded_moment_of_bob(bolivia):
    assert len(bolivia) == 10
    for crawl, recordings in bolivia:
        assert {market_of(recording)[2] for recording in recordings} == {"BUY", "SELL"}
        assert holds(crawl, recordings)
        assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
        assert crawl.manifest["changes"] == {}
        assert crawl.alerts == {}


def test_promoted_rows_of_bob_have_no_rank(bolivia):
    rows = [ad for crawl, _ in bolivia for ad in crawl.ads]
    assert sum(ad["is_promoted"] for ad in rows) == 16
    assert all((ad["rank"] is None) == (ad["privilege_type"] == 8) for ad in rows)
    assert {ad["privilege_type"] for ad in rows} == {None, 1, 8}


def test_moments_of_bob_are_batches_of_their_own(bolivia):
    assert len({crawl.stamp for crawl, _ in bolivia}) == len(bolivia)
    last = bolivia[-1][0]
    assert last.checkpoint["total_snapshots"] == len(bolivia)
    assert last.checkpoint["last_sell_ad_count"] == last.manifest["ads"]["sell"]


def test_usd_by_payment_method_is_a_sample(bolivia, census, replayed, captures):
    folder = bolivia[-1][0].folder

    def census_files():
        paths = [*folder.glob("raw/**/*.*"), folder / "checkpoint.json"]
        return {path: sha256(path.read_bytes()).hexdigest() for path in paths}

    before = census_files()
    crawl = census(replayed(), folder, fiats="USD", pay_types="Zinli")
    first = recordings_of(captures, "usdt_bob_usd_*.gz", fiat="USD", payTypes=["Zinli"])[:2]
    assert {market_of(recording)[2] for recording in first} == {"BUY", "SELL"}
    assert holds(crawl, first)
    assert (crawl.code, crawl.manifest["sample"]) == (0, True)
    assert crawl.root == folder / "samples"
    assert census_files() == before
