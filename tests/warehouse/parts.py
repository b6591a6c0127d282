"""Ads, sweeps and refusals as a batch of the lake is made of: what is not named is plain."""

from items import Market, Side

MARKET = "USDT/VES SELL"


def market_of(text):
    """``USDT/VES SELL`` as a market."""
    pair, side = text.split()
    return Market(*pair.split("/"), Side(side))


def ad(adv_no, market=MARKET, **columns):
    """An ad for make_batch: columns that are not named are something plain.

    Its rank is its place among its market's ads, unless it is given; None makes it promoted only.
    """
    where = market_of(market)
    return {
        "adv_no": adv_no,
        "asset": where.asset,
        "fiat": where.fiat,
        "trade_type": where.side.value,
        "search_side": where.side.opposite.value,
        "price": 58.1,
        "surplus_amount": 100.0,
        "min_amount": 10.0,
        "max_amount": 5000.0,
        "tradable_quantity": 100.0,
        "advertiser_no": "u1",
        "advertiser_name": "Ana",
        "advertiser_type": "user",
        "month_order_count": 21,
        "month_finish_rate": 0.98,
        "positive_rate": 0.99,
        "payment_methods": ["BANK"],
        "payment_method_ids": ["BANK"],
        "payment_method_names": ["Bank Transfer"],
        "price_type": "FIXED",
        "classify": "mass",
        "is_merchant": False,
        **columns,
    }


def sweep(market=MARKET, verdict="complete", **columns):
    """A sweep for make_batch; counts that are not named are those of the batch's ads."""
    where = market_of(market)
    names = {"asset": where.asset, "fiat": where.fiat, "side": where.side.value}
    return {**names, "verdict": verdict, **columns}


def refusal(adv_no, reason="no_surplus", market=MARKET, **more):
    """A refused ad for make_batch."""
    where = market_of(market)
    return {
        "reason": reason,
        "asset": where.asset,
        "fiat": where.fiat,
        "side": where.side.value,
        "page": 1,
        "adv_no": adv_no,
        "error": None,
        "entry": "{}",
        **more,
    }
