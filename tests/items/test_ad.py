from datetime import UTC, datetime

from itemadapter import ItemAdapter

from items import AD_COLUMNS, CONTRACT_COLUMNS, Ad, Market, Side, snapshot_id


def test_the_contract_columns_in_their_order():
    assert (
        *("snapshot_id", "fetched_at", "fetched_date", "trade_type", "adv_no", "asset", "fiat"),
        *("price", "surplus_amount", "min_amount", "max_amount", "tradable_quantity"),
        *("advertiser_no", "advertiser_name", "advertiser_type", "month_order_count"),
        *("month_finish_rate", "positive_rate", "user_positive_rate", "payment_methods"),
        *("payment_method_ids", "ad_created_at", "price_type"),
    ) == CONTRACT_COLUMNS
    assert len(CONTRACT_COLUMNS) == 23


def test_our_own_columns_follow():
    assert AD_COLUMNS[:23] == CONTRACT_COLUMNS
    assert set(AD_COLUMNS[23:]) >= {
        *("batch_id", "venue", "observed_at", "search_side", "rank", "page", "is_promoted"),
        *("classify", "min_quantity", "max_quantity", "dynamic_max_amount"),
        *("dynamic_max_quantity", "pay_time_limit_minutes", "is_merchant", "user_grade"),
        *("user_identity", "badges", "vip_level", "active_seconds_ago", "payment_method_names"),
        *("commission_rate", "ad_created_at_source", "taker_kyc_required"),
    }
    assert len(set(AD_COLUMNS)) == len(AD_COLUMNS)
    assert not {"market", "raw"} & set(AD_COLUMNS)


def test_a_row_has_the_values_in_the_order_of_the_columns():
    values = {name: object() for name in AD_COLUMNS}
    ad = Ad(**values, market=Market("USDT", "VES", Side.SELL), raw=b"{}")
    assert ad.row() == tuple(values.values())


def test_an_ad_is_an_item_of_scrapy():
    assert ItemAdapter.is_item(Ad(**dict.fromkeys(AD_COLUMNS), market=None, raw=b""))


def test_the_name_of_a_snapshot():
    started_at = datetime(2026, 6, 5, 3, 7, 9, 999, tzinfo=UTC)
    assert snapshot_id(started_at, Side.SELL) == "20260605T030709Z_SELL"
    assert snapshot_id(started_at, Side.BUY) == "20260605T030709Z_BUY"
