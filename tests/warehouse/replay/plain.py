"""The warehouse's answers, worked out again in plain Python from the lake's files alone.

Nothing of the warehouse is used: Parquet files, the ledger and ``rejected/`` are read, sweep after
sweep is applied to books that are dictionaries, and everything that was ever in a book is kept.
"""

import gzip
import json
import math
import statistics
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

HOUR = timedelta(hours=1)
FOREVER = datetime.max.replace(tzinfo=UTC)


class Market(NamedTuple):
    """An asset, a fiat and the advertiser's side."""

    asset: str
    fiat: str
    side: str


class Stats(NamedTuple):
    """How an advertiser does."""

    orders: int | None
    finished: Decimal | None
    positive: Decimal | None


class Who(NamedTuple):
    """Who an advertiser is."""

    nickname: str | None
    type: str | None
    is_merchant: bool | None
    grade: int | None
    identity: str | None
    badges: tuple[str | None, ...] | None
    vip_level: int | None


class Values(NamedTuple):
    """What of an ad makes another version of it when it changes."""

    price: Decimal
    surplus: Decimal | None
    min_amount: Decimal | None
    max_amount: Decimal | None
    tradable: Decimal | None
    methods: tuple[str | None, ...]
    terms: tuple[Any, ...]
    is_ranked: bool
    advertiser: str
    who_since: datetime


@dataclass(frozen=True)
class Standing:
    """An ad in a book; ``rank`` and ``is_promoted`` are those of the last sweep, if it saw it."""

    adv_no: str
    values: Values
    who: Who
    since: datetime
    is_seen: bool
    rank: int | None
    is_promoted: bool

    @property
    def codes(self) -> list[str]:
        return [code for code in self.values.methods if code]


@dataclass(frozen=True)
class Version:
    """A version of an ad, from when to when it stood; None is still."""

    market: Market
    standing: Standing
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Sweep:
    """A sweep that did not fail, and the book after it."""

    market: Market
    batch_id: str
    swept_at: datetime
    book: dict[str, Standing]

    @property
    def seen(self) -> list[Standing]:
        return [ad for ad in self.book.values() if ad.is_seen]


@dataclass
class Advertiser:
    """Everything that was ever seen of one."""

    who: list[tuple[datetime, Who]] = field(default_factory=list)
    stats: list[tuple[datetime, Stats]] = field(default_factory=list)

    def stats_at(self, moment: datetime) -> Stats:
        return self.stats[bisect_right(self.stats, moment, key=lambda each: each[0]) - 1][1]


def exact(number: float | None) -> Decimal | None:
    """The number whose shortest text this float is."""
    return None if number is None else Decimal(repr(number))


class Replay:
    """A lake's history: ``sweeps`` of each market in order, ``people``, and ``versions``."""

    def __init__(self, data_dir: Path) -> None:
        self.sweeps: dict[Market, list[Sweep]] = defaultdict(list)
        self.people: dict[str, Advertiser] = defaultdict(Advertiser)
        self.versions: list[Version] = []
        for ledger in sorted(data_dir.glob("raw/sweeps/*/*/*/sweeps_*.parquet")):
            self._apply(*_batch(data_dir, ledger))

    # Applying a batch

    def _apply(self, ledger: list[Any], ads: list[Any], refused: list[Any]) -> None:
        sweeps = {
            Market(row["asset"], row["fiat"], row["side"]): row
            for row in ledger
            if row["verdict"] != "failed"
        }
        rows: dict[Market, list[Any]] = defaultdict(list)
        for row in ads:
            rows[Market(row["asset"], row["fiat"], row["trade_type"])].append(row)
        self._look(sweeps, rows)
        refusals: dict[Market, dict[str, bool]] = defaultdict(dict)
        for each in refused:
            if each["adv_no"]:
                market = Market(each["asset"], each["fiat"], each["side"])
                refusals[market][each["adv_no"]] = each["reason"] == "no_surplus"
        for market, row in sorted(sweeps.items(), key=lambda each: each[1]["swept_at"]):
            self._sweep(market, row, rows[market], refusals[market])

    def _look(self, sweeps: dict[Market, Any], rows: dict[Market, list[Any]]) -> None:
        """Take in the people: of an advertiser's ads in one sweep, the latest seen counts."""
        looks: dict[tuple[str, datetime], tuple[Any, Any]] = {}
        for market, sweep in sweeps.items():
            for row in rows[market]:
                key = row["advertiser_no"] or "", sweep["swept_at"]
                seen = row["observed_at"], row["rank"] or 0  # a promoted ad is in front of its page
                if key not in looks or looks[key][0] <= seen:
                    looks[key] = seen, row
        for (number, moment), (_, row) in sorted(looks.items(), key=lambda each: each[0][1]):
            person = self.people[number]
            _append_change(person.who, moment, _who(row))
            person.stats.append((moment, _stats(row)))

    def _sweep(self, market: Market, sweep: Any, rows: list[Any], refused: dict[str, bool]) -> None:
        moment, past = sweep["swept_at"], self.sweeps[market]
        before = past[-1].book if past else {}
        book = {row["adv_no"]: self._standing(row, moment, before) for row in rows}
        for number, ad in before.items():
            if number in book:
                continue
            is_gone = refused.get(number, sweep["verdict"] == "complete")
            if not is_gone:
                book[number] = replace(ad, is_seen=False, rank=None, is_promoted=False)
        self._keep_versions(market, moment, before, book)
        past.append(Sweep(market, sweep["batch_id"], moment, book))

    def _standing(self, row: Any, moment: datetime, before: dict[str, Standing]) -> Standing:
        since, who = self._who_at(row["advertiser_no"] or "", moment)
        values = Values(
            price=exact(row["price"]),
            surplus=exact(row["surplus_amount"]),
            min_amount=exact(row["min_amount"]),
            max_amount=exact(row["max_amount"]),
            tradable=exact(row["tradable_quantity"]),
            methods=_methods(row),
            terms=(
                row["price_type"],
                row["classify"],
                row["pay_time_limit_minutes"],
                exact(row["commission_rate"]),
                row["taker_kyc_required"],
            ),
            is_ranked=row["rank"] is not None,
            advertiser=row["advertiser_no"] or "",
            who_since=since,
        )
        old = before.get(row["adv_no"])
        stood_since = old.since if old and old.values == values else moment
        return Standing(
            row["adv_no"], values, who, stood_since, True, row["rank"], row["is_promoted"]
        )

    def _who_at(self, number: str, moment: datetime) -> tuple[datetime, Who]:
        who = self.people[number].who
        return who[bisect_right(who, moment, key=lambda each: each[0]) - 1]

    def _keep_versions(
        self,
        market: Market,
        moment: datetime,
        before: dict[str, Standing],
        book: dict[str, Standing],
    ) -> None:
        for number, old in before.items():
            if number not in book or book[number].since != old.since:
                self.versions.append(Version(market, old, old.since, moment))

    # Questions

    def moments(self) -> list[datetime]:
        return sorted(sweep.swept_at for sweeps in self.sweeps.values() for sweep in sweeps)

    def every_sweep(self) -> Iterator[Sweep]:
        for sweeps in self.sweeps.values():
            yield from sweeps

    def last_sweep(self, market: Market, moment: datetime) -> Sweep | None:
        sweeps = self.sweeps.get(market, [])
        at = bisect_right(sweeps, moment, key=lambda sweep: sweep.swept_at)
        return sweeps[at - 1] if at else None

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


def alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two rows are equal, means and deviations to twelve digits."""
    return len(one) == len(other) and all(map(_alike, one, other))


def _alike(one: Any, other: Any) -> bool:
    if one is None or other is None or not isinstance(one, (Decimal, float)):
        return one == other
    return one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def _mean(numbers: list[Decimal]) -> Decimal | None:
    return sum(numbers) / len(numbers) if numbers else None


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


def _append_change(history: list[tuple[datetime, Who]], moment: datetime, who: Who) -> None:
    if not history or history[-1][1] != who:
        history.append((moment, who))


def _who(row: Any) -> Who:
    badges = row["badges"]
    return Who(
        row["advertiser_name"],
        row["advertiser_type"],
        row["is_merchant"],
        row["user_grade"],
        row["user_identity"],
        None if badges is None else tuple(badges),
        row["vip_level"],
    )


def _stats(row: Any) -> Stats:
    return Stats(
        row["month_order_count"], exact(row["month_finish_rate"]), exact(row["positive_rate"])
    )


def _methods(row: Any) -> tuple[str | None, ...]:
    identifiers, pay_types = row["payment_method_ids"] or (), row["payment_methods"] or ()
    return tuple(one or other for one, other in zip(identifiers, pay_types, strict=True))


def _batch(data_dir: Path, ledger: Path) -> tuple[list[Any], list[Any], list[Any]]:
    """The rows of a batch's files, all of which have its name and lie in folders of its day."""
    stamp = ledger.stem.removeprefix("sweeps_")
    day = Path(*ledger.parent.parts[-3:])
    ads = [
        row
        for side in ("buy", "sell")
        for row in _rows(data_dir / "raw" / f"{side}_ads" / day / f"snapshot_{stamp}.parquet")
    ]
    rejected = data_dir / "rejected" / day / f"rejected_{stamp}.jsonl.gz"
    lines = gzip.decompress(rejected.read_bytes()).splitlines() if rejected.exists() else []
    return _rows(ledger), ads, [json.loads(line) for line in lines]


def _rows(path: Path) -> list[Any]:
    return pq.ParquetFile(path).read().to_pylist()
