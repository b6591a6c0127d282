"""The rows of made-up files, written as the archive writes them: no trailing zeros."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

TRADES_HEADER = (
    "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker"
)
KLINES_HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
    "taker_buy_volume,taker_buy_quote_volume,ignore"
)

_EPOCH = date(2019, 12, 31)
"""The archive's first day."""
_FIRST_ID = 100_000_000
_FIRST_TRADE = 300_000_000
_DAY = 86_400_000


def trades_of(seed: str, symbol: str, day: date, count: int) -> Iterator[str]:
    """A day of aggregate trades; ids go on from the day before."""
    rng = Random(f"{seed}/{symbol}/{day}")  # noqa: S311  nothing here is a secret
    number = (day - _EPOCH).days
    trade = _FIRST_TRADE + number * _trades_before(count)
    began_at, price = _midnight(day), 60_000.0 + rng.uniform(-1000, 1000)
    for place in range(count):
        last = trade + place % 3
        price += rng.choice((-0.1, 0.0, 0.1))
        quantity = rng.randrange(1, 5000) / 1000
        time = began_at + place * _DAY // count + rng.randrange(_DAY // count or 1)
        side = rng.choice(("true", "false"))
        row = _FIRST_ID + number * count + place, f"{price:.1f}", f"{quantity:g}"
        yield ",".join(map(str, (*row, trade, last, time, side)))
        trade = last + 1


def klines_of(seed: str, symbol: str, day: date, minutes: int) -> Iterator[str]:
    """A day of candles."""
    rng = Random(f"{seed}/{symbol}/{day}/{minutes}")  # noqa: S311  nothing here is a secret
    step = minutes * 60_000
    for opened in range(_midnight(day), _midnight(day) + _DAY, step):
        prices = sorted(round(60_000 + rng.uniform(-50, 50), 1) for _ in range(4))
        low, first, second, high = prices
        volume = rng.randrange(0, 90_000) / 1000
        bought = round(volume * rng.random(), 3)
        worth, spent = round(volume * first, 4), round(bought * first, 4)
        sums = f"{volume:g},{opened + step - 1},{worth},{rng.randrange(2000)},{bought:g},{spent}"
        yield f"{opened},{first},{high},{low},{second},{sums},0"


def _trades_before(count: int) -> int:
    """How many trades the rows of a day are made of: 1, 2, 3, 1, 2, 3, ..."""
    return sum(place % 3 + 1 for place in range(count))


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
