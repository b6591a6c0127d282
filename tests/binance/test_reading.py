"""An ad in a page, column by column, and its rank there."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from items import Ad, Market, Side
from p2p_scrapy.binance.answers import Envelope


def test_a_whole_entry(reader, entry, market, now):
    page = reader.read_entries(entry())
    (ad,) = page.entries
    started_at = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
    assert (page.market, page.number, page.observed_at) == (market, 1, now)
    assert ad == Ad(
        snapshot_id="20260605T133000Z_SELL",
        fetched_at=started_at,
        fetched_date="2026-06-05",
        trade_type="SELL",
        adv_no="13908303176808550400",
        asset="USDT",
        fiat="VES",
        price=58.1,
        surplus_amount=119.03,
        min_amount=40.0,
        max_amount=4000.0,
        tradable_quantity=118.73,
        advertiser_no="s5ab84cca97b5a72c6f0972a0b834196e",
        advertiser_name="Natry_j6",
        advertiser_type="merchant",
        month_order_count=21,
        month_finish_rate=0.914,
        positive_rate=1.0,
        user_positive_rate=None,
        payment_methods=["BANESCO", "PagoMovil"],
        payment_method_ids=["Banesco", "PagoMovil"],
        ad_created_at=None,
        price_type=None,
        batch_id="batch-1",
        venue="binance",
        observed_at=now,
        search_side="BUY",
        rank=1,
        page=1,
        is_promoted=False,
        privilege_type=None,
        classify="profession",
        min_quantity=0.68,
        max_quantity=68.84,
        dynamic_max_amount=3999.0,
        dynamic_max_quantity=68.83,
        pay_time_limit_minutes=15,
        is_merchant=True,
        user_grade=3,
        user_identity="MASS_MERCHANT",
        badges=["Pro", None],
        vip_level=2,
        active_seconds_ago=81,
        payment_method_names=["Banesco Banco", None],
        commission_rate=None,
        ad_created_at_source=None,
        taker_kyc_required=True,
        market=market,
        raw=json.dumps(entry()).encode(),
    )
    assert reader.drift.counts == {}


@pytest.mark.parametrize(
    ("side", "snapshot", "search_side"),
    [(Side.BUY, "20260605T133000Z_BUY", "SELL"), (Side.SELL, "20260605T133000Z_SELL", "BUY")],
)
def test_the_snapshot_and_the_search_are_of_the_market_asked_for(
    reader, entry, side, snapshot, search_side
):
    data = json.dumps([entry()]).encode()
    (ad,) = reader.read(data, market=Market("USDT", "VES", side)).entries
    assert (ad.snapshot_id, ad.search_side, ad.trade_type) == (snapshot, search_side, "SELL")


def test_the_creation_time_that_the_exchange_tells_goes_before_the_number(reader, entry):
    told = entry(adv__createTime=1_767_615_576_706, adv__advNo="13841467863856627712")
    (ad,) = reader.read_entries(told).entries
    assert ad.ad_created_at == datetime(2026, 1, 5, 12, 19, 36, 706_000, tzinfo=UTC)
    assert ad.ad_created_at_source == "api"


def test_the_creation_time_is_else_that_of_the_number(reader, entry):
    (ad,) = reader.read_entries(entry(adv__advNo="13841467863856627712")).entries
    assert ad.ad_created_at == datetime(2026, 1, 5, 12, 19, 36, 660_000, tzinfo=UTC)
    assert ad.ad_created_at_source == "adv_no"


@pytest.mark.parametrize(
    ("number", "first_rank"), [(1, 1), (2, 21), (70, 1381)], ids=["first", "second", "deep"]
)
def test_ranks_count_on_from_page_to_page(reader, entry, number, first_rank):
    page = reader.read_entries(*(entry() for _ in range(20)), number=number)
    assert [ad.rank for ad in page.entries] == list(range(first_rank, first_rank + 20))
    assert {ad.page for ad in page.entries} == {number}


@pytest.mark.parametrize(
    ("privilege", "promoted"),
    [(8, True), (2, True), (1, False), (0, False), (None, False), (3, False)],
)
def test_only_promoted_and_featured_rows_are_extra(reader, entry, privilege, promoted):
    page = reader.read_entries(entry(privilegeType=privilege), entry())
    extra, natural = page.entries
    assert (extra.is_promoted, extra.rank) == ((True, None) if promoted else (False, 1))
    assert (natural.is_promoted, natural.rank) == (False, 1 if promoted else 2)
    assert extra.privilege_type == privilege


def test_a_privilege_of_another_type_is_a_natural_row_and_said(reader, entry):
    (ad,) = reader.read_entries(entry(privilegeType="8")).entries
    assert (ad.rank, ad.is_promoted, ad.privilege_type) == (1, False, None)
    assert reader.drift.counts == {"type privilegeType": 1}


@pytest.mark.parametrize(
    ("user_type", "is_merchant"), [("merchant", True), ("user", False), (None, None), ("", False)]
)
def test_merchants(reader, entry, user_type, is_merchant):
    (ad,) = reader.read_entries(entry(advertiser__userType=user_type)).entries
    assert ad.is_merchant is is_merchant


def test_a_user_positive_rate_is_read_where_it_is_told(reader, entry):
    (ad,) = reader.read_entries(entry(advertiser__userPositiveRate=0.75)).entries
    assert ad.user_positive_rate == 0.75
    assert reader.drift.counts == {}


def test_an_empty_page(reader, market, now):
    page = reader.pages.page(Envelope(msgspec.Raw(b"[]"), 7), market, 3, now)
    assert (page.entries, page.total, page.number) == ([], 7, 3)
