"""Ads and people as the warehouse's tables and functions have to give them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.warehouse.replay.plain.history import History
from tests.warehouse.replay.plain.records import Version

HOUR = timedelta(hours=1)


class Offers(History):
    """The rows that tell of ads, of their versions, and of who stands behind them."""

    def book_at(self, moment: datetime, reference: datetime) -> Iterator[tuple[Any, ...]]:
        """The rows of offers_as_of(moment), in the order of its columns up to tradable_quantity."""
        for market in self.sweeps:
            sweep = self.last_sweep(market, moment)
            for ad in sweep.book.values() if sweep else ():
                stats = self.people[ad.values.advertiser].stats_at(sweep.swept_at)
                yield (
                    ad.adv_no,
                    *market,
                    ad.who.nickname,
                    ad.who.is_merchant,
                    ad.values.price,
                    ad.values.surplus,
                    ad.values.min_amount,
                    ad.values.max_amount,
                    stats.finished,
                    stats.orders,
                    sweep.swept_at,
                    ad.codes,
                    ad.rank,
                    ad.is_promoted,
                    sweep.swept_at < reference - HOUR,
                    ad.is_seen,
                    ad.values.is_ranked,
                    ad.values.tradable,
                )

    def observations(self) -> Iterator[tuple[Any, ...]]:
        """The rows of fact_offers, with names in the place of ids, and each one's methods."""
        for sweep in self.every_sweep():
            for ad in sweep.seen:
                stats = self.people[ad.values.advertiser].stats_at(sweep.swept_at)
                yield (
                    ad.adv_no,
                    sweep.batch_id,
                    sweep.swept_at,
                    *sweep.market,
                    ad.values.advertiser,
                    ad.who.nickname,
                    ad.values.price,
                    ad.values.surplus,
                    ad.values.min_amount,
                    ad.values.max_amount,
                    ad.values.tradable,
                    stats.finished,
                    stats.orders,
                    stats.positive,
                    ad.values.is_ranked,
                    *ad.values.terms,
                    sorted(set(ad.codes)),
                    ad.codes[:1],
                    ad.since,
                )

    def stored_versions(self) -> Iterator[tuple[Any, ...]]:
        """Every version of every ad: market, number, from, to (None: still), value, methods."""
        for version in self.versions:
            yield _version_row(version)
        for market, sweeps in self.sweeps.items():
            for ad in sweeps[-1].book.values():
                yield _version_row(Version(market, ad, ad.since, None))

    def who_rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows of dim_advertisers: number, from, to (None: still), and who it is."""
        for number, person in self.people.items():
            ends = [*(since for since, _ in person.who[1:]), None]
            for (since, who), until in zip(person.who, ends, strict=True):
                badges = None if who.badges is None else list(who.badges)
                yield (number, since, until, *who[:5], badges, who.vip_level)

    def stats_rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows of advertiser_statistics: what changed, and the first look of each day."""
        for number, person in self.people.items():
            last: tuple[Any, Any] = (None, None)
            for moment, stats in person.stats:
                if (moment.date(), stats) != last:
                    yield (number, moment, *stats)
                last = moment.date(), stats


def _version_row(version: Version) -> tuple[Any, ...]:
    ad = version.standing
    return (
        *version.market,
        ad.adv_no,
        version.since,
        version.until,
        ad.who.nickname,
        ad.who.is_merchant,
        *ad.values[:5],
        ad.values.is_ranked,
        ad.codes,
        *ad.values.terms,
    )
