import json
import os

import pytest
from scrapy.exceptions import DropItem
from scrapy.settings import BaseSettings

from items import Market, Side
from p2p_scrapy.config import Config
from pipelines.validation import ValidationPipeline, broken_rules


def config(**settings):
    return Config.from_settings(BaseSettings(settings))


BANDS = {"P2P_PRICE_BANDS": "USDT/VES=50:60"}


@pytest.mark.parametrize(
    ("columns", "reasons"),
    [
        ({}, []),
        ({"adv_no": ""}, ["empty_adv_no"]),
        ({"adv_no": None}, ["empty_adv_no"]),
        ({"trade_type": "BUY"}, ["wrong_side"]),
        ({"trade_type": None}, ["wrong_side"]),
        ({"fiat": "BOB"}, ["wrong_fiat"]),
        ({"fiat": None}, ["wrong_fiat"]),
        ({"asset": "BTC"}, ["wrong_asset"]),
        ({"asset": None}, ["wrong_asset"]),
        ({"price": None}, ["no_price"]),
        ({"price": 0.0}, ["no_price"]),
        ({"price": -1.0}, ["no_price"]),
        ({"price": 1e-12}, []),
        ({"price": 1e18}, []),
        ({"surplus_amount": None}, ["no_surplus"]),
        ({"surplus_amount": 0.0}, ["no_surplus"]),
        ({"surplus_amount": -0.1}, ["no_surplus"]),
        ({"surplus_amount": 1e-8}, []),
        ({"month_finish_rate": 0.0}, ["zero_finish_rate"]),
        ({"month_finish_rate": 0.0, "month_order_count": 0}, []),
        ({"month_finish_rate": 0.0, "month_order_count": None}, []),
        ({"month_finish_rate": None}, []),
        ({"month_finish_rate": 0.001}, []),
        ({"min_amount": 4000.01}, ["min_above_max"]),
        ({"min_amount": 4000.0}, []),
        ({"min_amount": None}, []),
        ({"max_amount": None}, []),
        ({"rank": None, "is_promoted": True}, []),
        ({"advertiser_no": None, "payment_methods": None}, []),
        (
            {"adv_no": "", "trade_type": "BUY", "fiat": "BOB", "asset": "BTC", "price": None}
            | {"surplus_amount": None, "month_finish_rate": 0.0, "min_amount": 5000.0},
            [
                *("empty_adv_no", "wrong_side", "wrong_fiat", "wrong_asset"),
                *("no_price", "no_surplus", "zero_finish_rate", "min_above_max"),
            ],
        ),
    ],
)
def test_row_rules(ad, columns, reasons):
    assert list(broken_rules(ad(**columns), config())) == reasons


@pytest.mark.parametrize(
    ("price", "reasons"),
    [
        (49.999, ["outside_price_band"]),
        (50.0, []),
        (60.0, []),
        (60.001, ["outside_price_band"]),
        (0.0, ["no_price"]),
        (None, ["no_price"]),
    ],
)
def test_a_band_includes_its_ends(ad, price, reasons):
    assert list(broken_rules(ad(price=price), config(**BANDS))) == reasons


def test_a_band_binds_its_pair_alone(ad):
    other = ad(price=1e9, asset="BTC", market=Market("BTC", "VES", Side.SELL))
    assert list(broken_rules(other, config(**BANDS))) == []


@pytest.mark.parametrize(
    ("setting", "columns"),
    [
        ("P2P_REJECT_ZERO_SURPLUS", {"surplus_amount": 0.0}),
        ("P2P_REJECT_ZERO_SURPLUS", {"surplus_amount": None}),
        ("P2P_REJECT_ZERO_FINISH_RATE", {"month_finish_rate": 0.0}),
    ],
)
def test_rules_that_can_be_switched_off(ad, setting, columns):
    assert len(list(broken_rules(ad(**columns), config()))) == 1
    assert list(broken_rules(ad(**columns), config(**{setting: "false"}))) == []


def test_a_sound_ad_passes_and_leaves_no_trace(batch, of_crawl, ad, journaled):
    sound = ad()
    assert of_crawl(ValidationPipeline, batch).process_item(sound) is sound
    assert (batch.ledger.refused, journaled(batch, "refusal")) == ({}, [])


def test_a_refused_ad_is_dropped_counted_and_kept_whole(batch, of_crawl, ad, journaled):
    pipeline = of_crawl(ValidationPipeline, batch)
    with pytest.raises(DropItem, match=r"^USDT/VES SELL: refused, wrong_fiat$") as caught:
        pipeline.process_item(ad(fiat="BOB", price=None))
    assert caught.value.log_level == "INFO"
    assert batch.ledger.refused == {"wrong_fiat": 1}
    (refusal,) = journaled(batch, "refusal")
    assert (refusal["reason"], refusal["fiat"], refusal["side"]) == ("wrong_fiat", "VES", "SELL")
    assert refusal["adv_no"] == "13908303176808550400"
    assert json.loads(refusal["entry"]) == {"adv": {"price": "58.10"}}


def test_an_unreadable_entry_is_refused(batch, of_crawl, unreadable, journaled):
    with pytest.raises(DropItem, match="refused, unparsable"):
        of_crawl(ValidationPipeline, batch).process_item(unreadable)
    assert batch.ledger.refused == {"unparsable": 1}
    (refusal,) = journaled(batch, "refusal")
    assert (refusal["error"], refusal["entry"]) == ("Expected `object`, got `str`", '"x"')


def test_the_settings_of_the_batch_count(new_batch, of_crawl, ad):
    pipeline = of_crawl(ValidationPipeline, new_batch(P2P_PRICE_BANDS="USDT/VES=1:2"))
    with pytest.raises(DropItem, match="outside_price_band"):
        pipeline.process_item(ad())


def test_more_than_a_hundred_refused_beyond_the_usual_raise_an_alert(batch, of_crawl, ad):
    pipeline = of_crawl(ValidationPipeline, batch)
    raised = []
    for _ in range(102):
        with pytest.raises(DropItem):
            pipeline.process_item(ad(price=None))
        raised.append(list(batch.alerts.raised))
    assert (raised[99], raised[100]) == ([], ["refused_ads"])


def test_on_a_full_disk_a_refused_ad_is_dropped_and_the_batch_ends(
    new_batch, small_disk, of_crawl, ad
):
    batch = new_batch(data_dir=small_disk / "data")
    with (small_disk / "ballast").open("wb", buffering=0) as file:
        while file.write(b"x" * 4096) == 4096 and os.statvfs(small_disk).f_bavail:
            pass
    pipeline = of_crawl(ValidationPipeline, batch)
    large = ad(price=None)
    large.raw = b'"' + b"x" * 100_000 + b'"'
    with pytest.raises(DropItem, match="no space left for") as caught:
        pipeline.process_item(large)
    assert caught.value.log_level == "DEBUG"
    assert batch.ledger.refused == {}
    assert batch.dispatcher.has_stopped
