"""The books change from batch to batch as they do in life, and remain books."""

from datetime import UTC, datetime

import numpy as np
import pytest

from benchmarks.month.batches import Batches, Calendar
from benchmarks.month.changes import CHANGE, LEAVE, change_ads
from benchmarks.month.people import change_advertisers
from benchmarks.month.seed import Seed
from benchmarks.month.world import World
from items import AD_SCHEMA
from p2p_scrapy.warehouse.lake_batch import LakeBatch, closed_batches

NOW = 1_790_000_000_000_000
LOOKS = 200


def changed_world(seed, times):
    world = World.of_seed(seed)
    for number in range(times):
        rng = np.random.default_rng(number)
        change_advertisers(world, rng, change_ads(world, seed, rng, NOW + number * 600_000_000))
    return world


def test_as_many_ads_come_go_and_change_as_in_life(seed):
    world, new, other = World.of_seed(seed), 0, 0
    for number in range(LOOKS):
        before = [column.copy() for column in (world.ads.number, world.ads.price)]
        stock = [column.copy() for column in (world.ads.surplus, world.ads.max_amount)]
        change_ads(world, seed, np.random.default_rng(number), NOW)
        is_new = world.ads.number != before[0]
        now = (world.ads.price, world.ads.surplus, world.ads.max_amount)
        differs = [a != b for a, b in zip(now, [before[1], *stock], strict=True)]
        new += is_new.sum()
        other += (np.any(differs, axis=0) & ~is_new).sum()
    looks = LOOKS * len(world.ads.price)
    assert new / looks == pytest.approx(LEAVE, rel=0.1)
    assert other / looks == pytest.approx(CHANGE, rel=0.1)


def test_after_long_there_are_still_sane_books(seed):
    world = changed_world(seed, LOOKS)
    ads = world.ads
    assert len(set(ads.number)) == len(ads.number)
    assert np.all(ads.price > 0)
    assert np.all(ads.surplus >= ads.tradable)
    assert np.all(ads.max_amount >= ads.min_amount)
    assert max(len(repr(float(value)).replace(".", "")) for value in ads.surplus) <= 15
    assert len(world.advertisers.number) > len(set(seed.column("advertiser_no")))
    assert len(set(world.advertisers.number)) == len(world.advertisers.number)
    assert np.all((world.advertisers.finished <= 1) & (world.advertisers.finished > 0))


def test_the_books_always_have_as_many_advertisers(seed):
    owners, known = [], 0
    for times in (0, LOOKS):
        world = changed_world(seed, times)
        owners.append(len(set(world.ads.owner)))
        known = len(world.advertisers.number)
    assert owners[0] == owners[1]
    assert known > owners[1]


def test_the_seed_and_the_world_come_back_as_they_were(seed, tmp_path):
    world = changed_world(seed, 3)
    seed.save(tmp_path)
    world.save(tmp_path / "world.npz")
    back, read = World.read(tmp_path / "world.npz"), Seed.read(tmp_path)
    assert read.ads.equals(seed.ads)
    assert read.ledger.equals(seed.ledger)
    assert read.record == seed.record
    assert back.index == world.index
    for part in ("ads", "advertisers"):
        for name, column in vars(getattr(world, part)).items():
            assert np.array_equal(column, getattr(getattr(back, part), name)), name


def test_a_batch_is_one_of_the_lake(seed, tmp_path):
    calendar = Calendar(datetime(2026, 10, 1, tzinfo=UTC), 144)
    batches = Batches(tmp_path, calendar, seed, 1)
    for _ in range(3):
        batches.next(frozenset())
    (*_, batch) = closed_batches(tmp_path / "lake")
    assert batch.started_at == calendar.start_of(2)
    ads, sweeps = batch.ads(AD_SCHEMA.names).to_pylist(), batch.sweeps().to_pylist()
    assert len(ads) == sum(batch.record.ads.values()) <= seed.ads.num_rows
    times = {(each["fiat"], each["asset"], each["side"]): each for each in sweeps}
    assert len(times) == seed.ledger.num_rows
    for each in ads:
        sweep = times[each["fiat"], each["asset"], each["trade_type"]]
        assert sweep["first_response_at"] <= each["observed_at"] <= sweep["swept_at"]
        assert each["fetched_at"] == batch.started_at


def test_ranks_follow_prices(seed, tmp_path):
    path = Batches(tmp_path, Calendar(datetime(2026, 10, 1, tzinfo=UTC), 144), seed, 1).next(set())
    ads = LakeBatch(tmp_path / "lake", path).ads(AD_SCHEMA.names).to_pylist()
    books = {}
    for each in ads:
        if each["rank"]:
            market = each["fiat"], each["asset"], each["trade_type"]
            books.setdefault(market, []).append((each["rank"], each["price"]))
    for (*_, side), book in books.items():
        prices = [price for _, price in sorted(book)]
        assert prices == sorted(prices, reverse=side == "BUY")


def test_a_known_batch_is_not_written_again(seed, tmp_path):
    calendar = Calendar(datetime(2026, 10, 1, tzinfo=UTC), 144)
    batches = Batches(tmp_path, calendar, seed, 1)
    assert batches.next({calendar.start_of(0)}) is None
    assert batches.index == 1
    assert not closed_batches(tmp_path / "lake")
