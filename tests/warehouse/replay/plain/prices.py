"""Prices and depth as the warehouse's views have to give them."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.warehouse.replay.plain.history import History
from tests.warehouse.replay.plain.records import Market, Standing, Sweep

FOREVER = datetime.max.replace(tzinfo=UTC)


class Prices(History):
    """The rows that tell of best prices, of depth, and of a minute's prices."""

    def depth(self) -> Iterator[tuple[Any, ...]]:
        """The rows of fact_market_depth."""
        for sweep in self.every_sweep():
            own = best_price(sweep.market.side, sweep.seen)
            other = self._nearest_opposite(sweep)
            far = best_price(other.market.side, other.seen) if other else None
            bid, ask = (own, far) if sweep.market.side == "BUY" else (far, own)
            spread = None if bid is None or ask is None else ask - bid
            yield (
                sweep.batch_id,
                sweep.swept_at,
                *sweep.market,
                *figures(sweep.market.side, sweep.seen),
                bid,
                ask,
                spread,
                None if spread is None else 100 * spread / bid,
            )

    def _nearest_opposite(self, sweep: Sweep) -> Sweep | None:
        side = "SELL" if sweep.market.side == "BUY" else "BUY"
        others = self.sweeps.get(sweep.market._replace(side=side), [])
        return min(
            others,
            key=lambda each: (abs(each.swept_at - sweep.swept_at), each.swept_at),
            default=None,
        )

    def best_prices(self) -> Iterator[tuple[Any, ...]]:
        """The rows of v_best_prices up to the depth."""
        for asset, fiat in {market[:2] for market in self.sweeps}:
            bids = self._last_book(Market(asset, fiat, "BUY"))
            asks = self._last_book(Market(asset, fiat, "SELL"))
            bid, ask = best_ad("BUY", bids), best_ad("SELL", asks)
            spread = bid and ask and ask.values.price - bid.values.price
            yield (
                asset,
                fiat,
                bid and bid.values.price,
                ask and ask.values.price,
                spread,
                None if spread is None else 100 * spread / bid.values.price,
                bid and bid.adv_no,
                ask and ask.adv_no,
                bid and bid.who.nickname,
                ask and ask.who.nickname,
                bid and bid.values.surplus,
                ask and ask.values.surplus,
                len(bids),
                len(asks),
                sum(ad.values.surplus or 0 for ad in bids),
                sum(ad.values.surplus or 0 for ad in asks),
            )

    def _last_book(self, market: Market) -> list[Standing]:
        sweep = self.last_sweep(market, FOREVER)
        return [*sweep.book.values()] if sweep else []

    def price_history(self) -> Iterator[tuple[Any, ...]]:
        """The rows of v_price_history: every ad of every sweep of the minute counts."""
        minutes: dict[tuple[Market, datetime], list[Standing]] = defaultdict(list)
        for sweep in self.every_sweep():
            minute = sweep.swept_at.replace(second=0, microsecond=0)
            minutes[sweep.market, minute] += sweep.seen
        for (market, minute), ads in minutes.items():
            if ads:
                prices = [ad.values.price for ad in ads]
                yield (
                    *market,
                    minute,
                    _mean(prices),
                    min(prices),
                    max(prices),
                    statistics.stdev(prices) if len(prices) > 1 else None,
                    sum(ad.values.surplus or 0 for ad in ads),
                    len(ads),
                )


def best_ad(side: str, ads: Iterable[Standing]) -> Standing | None:
    """The best of the ads that have a rank: the highest bid, the lowest ask."""
    sign = 1 if side == "SELL" else -1
    ranked = (ad for ad in ads if ad.values.is_ranked)
    return min(ranked, key=lambda ad: (sign * ad.values.price, ad.adv_no), default=None)


def best_price(side: str, ads: Iterable[Standing]) -> Decimal | None:
    best = best_ad(side, ads)
    return best and best.values.price


def figures(side: str, ads: list[Standing]) -> tuple[Any, ...]:
    """Count, volume, weighted price, least and most, deviation, and the ten best ads' figures."""
    sign = 1 if side == "SELL" else -1
    ranked = sorted(
        (ad for ad in ads if ad.values.is_ranked),
        key=lambda ad: (sign * ad.values.price, ad.adv_no),
    )
    prices = [ad.values.price for ad in ads]
    stocked = [ad.values for ad in ads if ad.values.surplus is not None]
    volume = sum(values.surplus for values in stocked)
    top = [ad.values for ad in ranked[:10]]
    top_stock = [values.surplus for values in top if values.surplus is not None]
    return (
        len(ads),
        volume,
        sum(each.price * each.surplus for each in stocked) / volume if volume else None,
        min(prices, default=None),
        max(prices, default=None),
        statistics.stdev(prices) if len(prices) > 1 else None,
        sum(top_stock) if top_stock else None,
        _mean([values.price for values in top]),
    )


def _mean(numbers: list[Decimal]) -> Decimal | None:
    return sum(numbers) / len(numbers) if numbers else None
