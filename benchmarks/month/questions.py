"""What analysts ask, and how fast they are to be answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

MOST_SECONDS = 0.5
_WALK_SECONDS, _JOIN_SECONDS = 10.0, 5.0


class About(Enum):
    """What a question is asked of, anew each time."""

    NOTHING = "the whole"
    MOMENT = "random moments"
    PAIR = "random pairs"
    LARGEST = "the largest pair"


@dataclass(frozen=True, slots=True)
class Question:
    """SQL with named parameters: moment, day_ago, until, asset, fiat, side.

    ``p95`` must be under ``most`` seconds.
    """

    name: str
    sql: str
    about: About
    most: float

    @property
    def title(self) -> str:
        """The name, and what it is asked of."""
        return f"{self.name}, {self.about.value}"


_OF_PAIR = "crypto_symbol = %(asset)s AND fiat_code = %(fiat)s"
_Q1 = f"""
SELECT trade_type, MIN(price) AS best_price, SUM(available_amount) AS total_liquidity
FROM mv_latest_market_state WHERE {_OF_PAIR} GROUP BY trade_type"""
_Q2 = """
SELECT advertiser, SUM(available_amount) AS total_volume,
       AVG(completion_rate) AS avg_completion_rate, COUNT(DISTINCT offer_external_id) AS offer_count
FROM fact_offers fo JOIN dim_advertisers da ON fo.advertiser_sk = da.advertiser_sk
WHERE extraction_timestamp > %(day_ago)s AND da.is_merchant = TRUE
GROUP BY advertiser ORDER BY total_volume DESC LIMIT 10"""
_Q3 = """
SELECT dpm.method_name, STDDEV(fo.price) AS price_volatility, AVG(fo.price) AS avg_price
FROM fact_offers fo
JOIN fact_offer_payment_methods fopm ON fo.offer_id = fopm.offer_id
JOIN dim_payment_methods dpm ON fopm.payment_method_id = dpm.payment_method_id
WHERE fo.fiat_id = (SELECT fiat_id FROM dim_fiat_currencies WHERE currency_code = %(fiat)s)
  AND fo.crypto_id = (SELECT crypto_id FROM dim_cryptocurrencies WHERE symbol = %(asset)s)
  AND fo.extraction_timestamp > %(day_ago)s
GROUP BY dpm.method_name ORDER BY price_volatility DESC"""
_AS_OF = "SELECT * FROM offers_as_of(%(moment)s)"
_LATEST = "SELECT * FROM mv_latest_market_state"
_HISTORY = f"SELECT * FROM v_price_history WHERE {_OF_PAIR}"
_VERSIONS = f"SELECT * FROM offer_versions WHERE {_OF_PAIR} AND trade_type = %(side)s"
_MERCHANTS = "SELECT * FROM merchant_volume(%(day_ago)s, %(until)s)"
_METHODS = "SELECT * FROM method_prices(%(fiat)s, %(asset)s, %(day_ago)s, %(until)s)"


def questions() -> Iterator[Question]:
    """Every question with its bar."""
    yield Question("offers_as_of", _AS_OF, About.MOMENT, MOST_SECONDS)
    yield Question("latest state", _LATEST, About.NOTHING, MOST_SECONDS)
    yield Question("v_best_prices", "SELECT * FROM v_best_prices", About.NOTHING, MOST_SECONDS)
    for about in (About.PAIR, About.LARGEST):
        yield Question("Q1", _Q1, about, MOST_SECONDS)
        yield Question("offers_as_of", f"{_AS_OF} WHERE {_OF_PAIR}", about, MOST_SECONDS)
        yield Question("latest state", f"{_LATEST} WHERE {_OF_PAIR}", about, MOST_SECONDS)
        yield Question("v_price_history", _HISTORY, about, MOST_SECONDS)
        yield Question("versions of a market", _VERSIONS, about, MOST_SECONDS)
        yield Question("method_prices", _METHODS, about, MOST_SECONDS)
        yield Question("Q3", _Q3, about, _JOIN_SECONDS)
    yield Question("merchant_volume", _MERCHANTS, About.NOTHING, MOST_SECONDS)
    yield Question("Q2", _Q2, About.NOTHING, _WALK_SECONDS)
