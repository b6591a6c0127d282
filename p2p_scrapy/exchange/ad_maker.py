"""Makes ads, each with everything that an entry says."""

from decimal import Decimal
from random import Random

from p2p_scrapy.exchange.ad import Ad
from p2p_scrapy.exchange.ad_number import AdNumbers
from p2p_scrapy.exchange.advertiser import Advertiser
from p2p_scrapy.exchange.market import Market
from p2p_scrapy.exchange.stock import draw_stock
from p2p_scrapy.exchange.trade_methods import TradeMethod, methods_of

_DAY_MS = 86_400_000
_MEDIAN_AGE_LOG = 3.07
"""Natural logarithm of 21.5 days, the median age of 4,989 ads of 2026."""
_YOUNGEST_DAYS = 0.0003
_OLDEST_DAYS = 1_130.0
"""The oldest of them, which had 1,057 days in summer, would have so many in October."""
_PAY_MINUTES = ((15, 30, 45, 60, 120, 180), (89, 7, 2, 1, 0.5, 0.5))
_METHOD_COUNTS = ((1, 2, 3, 4, 5), (48, 6, 8, 7, 31))
_KYC_SHARE = 0.025
_VOUCHER_SHARE = 0.0002
_LABELLED_SHARE = 0.001
_UNNAMED_SHARE = 0.008
"""Ads with a payment method without a name, which makes 0.3 % of the methods."""


class AdMaker:
    """Makes ads with numbers and serials of one world."""

    def __init__(self) -> None:
        self._numbers = AdNumbers()
        self._serial = 0

    def make(
        self, market: Market, advertiser: Advertiser, price: Decimal, created_ms: int, rng: Random
    ) -> Ad:
        """An ad of this advertiser, created then (milliseconds since 1970)."""
        self._serial += 1
        methods = _draw_methods(market.currency.code, rng)
        merchant_sells = advertiser.is_merchant and market.side == "SELL"
        return Ad(
            number=self._numbers.draw(created_ms, merchant_sells=merchant_sells, rng=rng),
            serial=self._serial,
            created_ms=created_ms,
            market=market,
            advertiser=advertiser,
            price=price,
            stock=draw_stock(market, price, rng),
            methods=methods,
            pay_minutes=rng.choices(*_PAY_MINUTES)[0],
            wants_kyc=rng.random() < _KYC_SHARE,
            has_voucher=rng.random() < _VOUCHER_SHARE,
            is_labelled=rng.random() < _LABELLED_SHARE,
            unnamed_method=rng.randrange(len(methods)) if rng.random() < _UNNAMED_SHARE else None,
        )


def draw_creation(opened_ms: int, rng: Random) -> int:
    """When an ad that stands in the book at its opening was created: 25 s to 3 years before."""
    days = max(_YOUNGEST_DAYS, rng.lognormvariate(_MEDIAN_AGE_LOG, 1.7))
    if days > _OLDEST_DAYS:
        days = rng.uniform(_OLDEST_DAYS / 2, _OLDEST_DAYS)
    return opened_ms - int(days * _DAY_MS)


def _draw_methods(fiat: str, rng: Random) -> tuple[TradeMethod, ...]:
    return tuple(rng.sample(methods_of(fiat), rng.choices(*_METHOD_COUNTS)[0]))
