from dataclasses import asdict
from datetime import UTC, datetime

from items import AD_COLUMNS, Ad, Market, Refusal, Side, UnreadableAd

MARKET = Market("USDT", "VES", Side.SELL)
SEEN_AT = datetime(2026, 6, 5, 13, 30, 4, tzinfo=UTC)


def test_the_refusal_of_an_ad_keeps_it_whole_under_the_market_that_was_asked_for():
    values = dict.fromkeys(AD_COLUMNS) | {
        "adv_no": "1",
        "asset": "BTC",
        "fiat": "BOB",
        "trade_type": "BUY",
        "page": 3,
        "observed_at": SEEN_AT,
    }
    ad = Ad(**values, market=MARKET, raw=b'{"adv": {"price": 1.10}}')
    refusal = Refusal.of(ad, "wrong_asset")
    assert asdict(refusal) == {
        "reason": "wrong_asset",
        "asset": "USDT",
        "fiat": "VES",
        "side": "SELL",
        "page": 3,
        "observed_at": SEEN_AT,
        "adv_no": "1",
        "error": None,
        "entry": '{"adv": {"price": 1.10}}',
    }
    assert refusal.market == MARKET


def test_the_refusal_of_an_unreadable_entry_says_what_is_wrong_with_it():
    entry = UnreadableAd(MARKET, 2, SEEN_AT, "Expected `object`, got `str`", b'"\xff"')
    refusal = Refusal.of(entry, "unparsable")
    assert (refusal.adv_no, refusal.page) == (None, 2)
    assert refusal.error == "Expected `object`, got `str`"
    assert refusal.entry == '"\N{REPLACEMENT CHARACTER}"'
