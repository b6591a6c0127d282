"""100: refuses what breaks a row rule; a refused ad is kept whole, with its reason."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from items import Ad, UnreadableAd
from p2p_scrapy.config import Config
from p2p_scrapy.errors import DiskFullError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from p2p_scrapy.census.batch import Batch


class ValidationPipeline:
    """Drops ads by the row rules of the product page, section 5, and counts them by reason."""

    def __init__(self, batch: "Batch") -> None:
        self._batch = batch
        self._config = batch.config

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Take the batch that the crawl's spider runs."""
        return cls(crawler.spider.batch)  # type: ignore[union-attr]

    def process_item(self, item: Ad | UnreadableAd) -> Ad:
        """Pass a sound ad on.

        Raises:
            DropItem: a rule is broken; the ad is in the journal, whole.
        """
        if isinstance(item, UnreadableAd):
            return self._refuse(item, "unparsable")
        reason = next(broken_rules(item, self._config), None)
        return item if reason is None else self._refuse(item, reason)

    def _refuse(self, entry: Ad | UnreadableAd, reason: str) -> Ad:
        try:
            self._batch.refuse(entry, reason)
        except DiskFullError as error:
            raise DropItem(str(error), log_level="DEBUG") from error
        raise DropItem(f"{entry.market}: refused, {reason}", log_level="INFO")


def broken_rules(ad: Ad, config: Config) -> Iterator[str]:
    """The rules that an ad breaks, as reasons, the telling one first."""
    if not ad.adv_no:
        yield "empty_adv_no"
    yield from _misplaced(ad)
    if ad.price is None or ad.price <= 0:
        yield "no_price"
    elif _is_outside_band(ad, ad.price, config):
        yield "outside_price_band"
    if config.reject_zero_surplus and (ad.surplus_amount is None or ad.surplus_amount <= 0):
        yield "no_surplus"
    if config.reject_zero_finish_rate and ad.month_finish_rate == 0 and ad.month_order_count:
        yield "zero_finish_rate"
    if ad.min_amount is not None and ad.max_amount is not None and ad.min_amount > ad.max_amount:
        yield "min_above_max"


def _misplaced(ad: Ad) -> Iterator[str]:
    """An ad whose side, fiat or asset is not what was asked for."""
    market = ad.market
    if ad.trade_type != market.side:
        yield "wrong_side"
    if ad.fiat != market.fiat:
        yield "wrong_fiat"
    if ad.asset != market.asset:
        yield "wrong_asset"


def _is_outside_band(ad: Ad, price: float, config: Config) -> bool:
    band = config.price_bands.get(ad.market.pair)
    return band is not None and not band.low <= price <= band.high
