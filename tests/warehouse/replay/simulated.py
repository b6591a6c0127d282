"""A seeded market place, written into a lake by the lake's own writers, without a network.

What happens in it is what the warehouse must get right: books that churn, people who change
between two looks, sweeps that saw only a part, ads that are refused, promoted or come back, and
values that are null or hard to write down.
"""

import random
import uuid
from collections import Counter
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, get_origin

from items import AD_COLUMNS, SWEEP_COLUMNS, VENUE, BatchRecord, Market, Refusal, Side, Status
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths

PAGE = 20
FEW = 14
"""Batches of the small lake that most tests share."""
TEN_MINUTES = timedelta(minutes=10)
MIDNIGHT = datetime(2026, 6, 6, tzinfo=UTC)
ODD_NUMBERS = (1e-9, 123456789.12345678, 2500000000.0, 0.1, 1e-05, 12345678901234.5, 1e22, 7.0)
NAMES = (
    "Ana",
    "José Ñandú",
    "交易者",
    "Łukasz 🚀",
    "O'Brien; --",
    "a\tb",
    "Ω",
    "café",
    "cafe\u0301",
)
METHODS = ("BANK", "Bancolombia", "PagoMóvil", "Zelle", "现金", "Wise", "SPEI", "PIX")
REFUSALS = ("no_surplus", "no_surplus", "min_above_max", "zero_finish_rate", "no_price")


@dataclass
class Person:
    """An advertiser, as the exchange would show them at this instant."""

    number: str | None
    values: dict[str, Any]


@dataclass
class Offer:
    """An ad in a book; ``values`` are its own columns."""

    number: str
    person: Person
    values: dict[str, Any]
    place: str = "natural"  # or "promoted", or "both"


@dataclass
class Sweep:
    """One reading that is under way: its pages come one by one, among those of others."""

    market: Market
    verdict: str
    started_at: datetime
    pages: list[tuple[datetime, list[tuple[Offer, int | None]]]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


class Exchange:
    """A market place that lives on between batches; everything it does comes from ``rng``."""

    def __init__(
        self,
        rng: random.Random,
        fiats: tuple[str, ...] = ("VES", "BOB", "EUR"),
        assets: tuple[str, ...] = ("USDT", "BTC"),
        most: int = 60,
        people: int = 25,
    ) -> None:
        self.rng = rng
        self.most = most
        self.numbers = count(11_000_000_000)
        self.people = [self._person(n) for n in range(people)]
        self.books: dict[Market, list[Offer]] = {
            Market(asset, fiat, side): [] for fiat in fiats for asset in assets for side in Side
        }
        self.sizes = {market: rng.choice((0, 3, 21, most // 2, most)) for market in self.books}
        self.gone: list[tuple[Market, Offer]] = []

    def batch(self, started_at: datetime, data_dir: Path, **chances: float) -> BatchPaths:
        """Read the books as they are now, and close the batch into the lake."""
        paths = BatchPaths(data_dir, started_at)
        sweeps = [self._sweep(market, started_at, **chances) for market in self._plan()]
        pages = [(at, sweep, page) for sweep in sweeps for at, page in sweep.pages]
        batch_id = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        for at, sweep, page in sorted(pages, key=lambda each: each[0]):
            self._look(at, sweep, page, batch_id, started_at)
        write(paths, batch_id, [*map(self._closed, sweeps)], sweeps)
        return paths

    def _plan(self) -> list[Market]:
        markets = list(self.books)
        self.rng.shuffle(markets)
        return [market for market in markets if self.rng.random() > 0.12]

    # What happens in the books

    def _churn(self, market: Market) -> list[Offer]:
        book = self.books[market]
        for offer in list(book):
            if self.rng.random() < 0.04:
                book.remove(offer)
                self.gone.append((market, offer))
            else:
                self._change(offer)
        self._return(market)
        if self.rng.random() < 0.03:
            self.sizes[market] = self.rng.choice((0, 5, 20, self.most))
        while len(book) < self.sizes[market] and self.rng.random() < 0.9:
            book.insert(self.rng.randint(0, len(book)), self._offer())
        if not self.sizes[market]:
            self.gone += [(market, offer) for offer in book]
            book.clear()
        if self.rng.random() < 0.3:
            self.rng.shuffle(book)
        return book

    def _change(self, offer: Offer) -> None:
        match self.rng.randrange(100):
            case 0 | 1 | 2 | 3 | 4 | 5:
                offer.values["price"] = self._number(58.0)
            case 6 | 7 | 8 | 9 | 10 | 11:
                offer.values["surplus_amount"] = self._maybe(self._number(100.0))
            case 12 | 13 | 14:
                offer.values |= self._methods()
            case 15 | 16 | 17:
                offer.values |= self._terms()
            case 18 | 19 | 20:
                offer.place = self._place()

    def _return(self, market: Market) -> None:
        for where, offer in list(self.gone):
            if where == market and self.rng.random() < 0.15:
                self.gone.remove((where, offer))
                self.books[market].append(offer)

    def _offer(self) -> Offer:
        values = {
            "price": self._number(58.0),
            "surplus_amount": self._maybe(self._number(100.0)),
            "min_amount": self._maybe(self._number(10.0)),
            "max_amount": self._maybe(self._number(5000.0)),
            "tradable_quantity": self._maybe(self._number(90.0)),
            **self._methods(),
            **self._terms(),
        }
        person = self.rng.choice(self.people)
        return Offer(str(next(self.numbers)), person, values, self._place())

    def _place(self) -> str:
        return self.rng.choices(("natural", "promoted", "both"), (90, 4, 6))[0]

    def _number(self, about: float) -> float:
        if self.rng.random() < 0.05:
            return self.rng.choice(ODD_NUMBERS)
        return round(about * self.rng.uniform(0.9, 1.1), self.rng.choice((0, 2, 4, 8)))

    def _maybe(self, value: Any, chance: float = 0.06) -> Any:
        return None if self.rng.random() < chance else value

    def _methods(self) -> dict[str, Any]:
        chance = self.rng.random()
        if chance < 0.03:
            return dict.fromkeys(("payment_methods", "payment_method_ids", "payment_method_names"))
        codes = [] if chance < 0.06 else self.rng.sample(METHODS, self.rng.randint(1, 4))
        identifiers = [self._maybe(code) for code in codes]
        return {
            "payment_methods": codes,
            "payment_method_ids": identifiers,
            "payment_method_names": [self._maybe(f"the {code}") for code in codes],
        }

    def _terms(self) -> dict[str, Any]:
        return {
            "price_type": self.rng.choice(("FIXED", "FLOATING", None)),
            "classify": self.rng.choice(("mass", "profession", None)),
            "pay_time_limit_minutes": self.rng.choice((15, 30, None)),
            "commission_rate": self.rng.choice((0.0, 0.0035, 1e-05, None)),
            "taker_kyc_required": self.rng.choice((True, False, None)),
        }

    # Who stands behind them

    def _person(self, number: int) -> Person:
        values = {
            "advertiser_name": self.rng.choice(NAMES) + str(number),
            "advertiser_type": self.rng.choice(("user", "merchant")),
            "is_merchant": self.rng.choice((True, False)),
            "user_grade": 1,
            "user_identity": None,
            "badges": None,
            "vip_level": None,
            "month_order_count": self.rng.randint(0, 900),
            "month_finish_rate": 0.98,
            "positive_rate": 0.99,
        }
        if number == 0:  # the exchange does not say who this is
            return Person(None, dict.fromkeys(values))
        return Person(f"s{number:02}", values)

    def _drift(self, person: Person) -> None:
        chance = self.rng.random()
        values = person.values
        if person.number is None or chance > 0.06:
            return
        if chance < 0.005:
            values["advertiser_name"] = self._maybe(self.rng.choice(NAMES))
        elif chance < 0.01:
            values["is_merchant"] = self.rng.choice((True, False, None))
        elif chance < 0.015:
            values["badges"] = self.rng.choice((None, [], ["gold"], ["gold", None]))
            values["vip_level"] = self._maybe(self.rng.randint(1, 3))
            values["user_grade"] = self._maybe(self.rng.randint(1, 3))
            values["user_identity"] = self._maybe("MASS_MERCHANT")
        elif chance < 0.03:
            values["month_finish_rate"] = self._maybe(round(self.rng.random(), 3))
        elif chance < 0.04:
            values["positive_rate"] = self._maybe(self.rng.random())
        else:
            values["month_order_count"] = self._maybe(self.rng.randint(0, 900))

    # How it is read

    def _sweep(
        self, market: Market, started_at: datetime, partial: float = 0.15, failed: float = 0.08
    ) -> Sweep:
        chance = self.rng.random()
        verdict = (
            "failed" if chance < failed else "partial" if chance < failed + partial else "complete"
        )
        begins = started_at + timedelta(seconds=self.rng.uniform(1, 300))
        ranked = [offer for offer in self._churn(market) if offer.place != "promoted"]
        front = [offer for offer in self.books[market] if offer.place == "promoted"]
        places = [(offer, rank) for rank, offer in enumerate(ranked, start=1)]
        pages = [places[at : at + PAGE] for at in range(0, len(places), PAGE)] or [[]]
        pages[0] = [*((offer, None) for offer in front), *pages[0]]
        if verdict == "partial":
            pages = self._cut(pages)
        if verdict == "failed" and self.rng.random() < 0.5:
            pages = []
        at, timed = begins, []
        for page in pages:
            at += timedelta(seconds=self.rng.uniform(0.1, 20))
            timed.append((at, page))
        return Sweep(market, verdict, begins, timed)

    def _cut(self, pages: list[list[Any]]) -> list[list[Any]]:
        kept = [page for page in pages if self.rng.random() < 0.6] or [[]]
        return [[each for each in page if self.rng.random() < 0.9] for page in kept]

    def _look(
        self, at: datetime, sweep: Sweep, page: list[Any], batch_id: str, started_at: datetime
    ) -> None:
        """A page arrives; people may change even between two of its ads."""
        for offer, rank in page:
            self._drift(offer.person)
            if self.rng.random() < 0.03:
                sweep.refused.append(self._refused(at, sweep.market, offer))
                continue
            sweep.rows.append(
                ad_row(
                    sweep.market,
                    started_at,
                    batch_id=batch_id,
                    observed_at=at,
                    page=1 if rank is None else (rank - 1) // PAGE + 1,
                    adv_no=offer.number,
                    rank=rank,
                    is_promoted=offer.place != "natural",
                    advertiser_no=offer.person.number,
                    active_seconds_ago=self.rng.randint(0, 900),
                    **offer.values,
                    **offer.person.values,
                )
            )

    def _refused(self, at: datetime, market: Market, offer: Offer) -> dict[str, Any]:
        reason = self.rng.choice(REFUSALS)
        number = None if self.rng.random() < 0.05 else offer.number
        where = market.asset, market.fiat, market.side.value
        return asdict(Refusal(reason, *where, 1, at, number, None, "{}"))

    def _closed(self, sweep: Sweep) -> dict[str, Any]:
        moments = [at for at, _ in sweep.pages]
        natural = sum(each["rank"] is not None for each in sweep.rows) + len(sweep.refused)
        return ledger_row(
            sweep.market,
            sweep.verdict,
            started_at=sweep.started_at,
            first_response_at=min(moments, default=None),
            swept_at=max(moments, default=None),
            total_first=natural if moments else None,
            total_last=natural if moments else None,
            rows=len(sweep.rows) + len(sweep.refused),
            unique=natural,
            promoted=sum(each["rank"] is None for each in sweep.rows),
            refused=len(sweep.refused),
            pages=len(moments),
            error=None if sweep.verdict == "complete" else "timeout, page 2",
        )


def ad_row(market: Market, started_at: datetime, **columns: Any) -> dict[str, Any]:
    """A row of a snapshot; columns that are not given are null."""
    return (
        dict.fromkeys(AD_COLUMNS)
        | {
            "snapshot_id": f"{started_at:%Y%m%dT%H%M%SZ}_{market.side}",
            "fetched_at": started_at,
            "fetched_date": f"{started_at:%Y-%m-%d}",
            "trade_type": market.side.value,
            "asset": market.asset,
            "fiat": market.fiat,
            "venue": VENUE,
            "search_side": market.side.opposite.value,
            "page": 1,
            "is_promoted": False,
        }
        | columns
    )


def ledger_row(market: Market, verdict: str, **columns: Any) -> dict[str, Any]:
    """A row of the ledger; counts that are not given are 0."""
    counts = ("rows", "unique", "promoted", "duplicates", "refused", "pages", "rereads")
    return (
        dict.fromkeys(SWEEP_COLUMNS)
        | dict.fromkeys(counts, 0)
        | {"venue": VENUE, "asset": market.asset, "fiat": market.fiat, "side": market.side.value}
        | {"lane": "direct", "verdict": verdict}
        | columns
    )


def write(
    paths: BatchPaths, batch_id: str, ledger: list[dict[str, Any]], sweeps: list[Sweep]
) -> None:
    """Close a batch, in the way that a run does."""
    journal = Journal(paths.journal)
    for sweep in sweeps:
        for row in sweep.rows:
            journal.append("ad", [row[name] for name in AD_COLUMNS])
        for refused in sweep.refused:
            journal.append("refusal", refused)
    for row in ledger:
        journal.append("sweep", [(row | {"batch_id": batch_id})[name] for name in SWEEP_COLUMNS])
    journal.close()
    close_batch(_record(paths, batch_id, ledger), paths)


def _record(paths: BatchPaths, batch_id: str, ledger: list[dict[str, Any]]) -> BatchRecord:
    nothing: dict[Any, Any] = {int: 0, str: "exchange", bool: False}
    empty = {
        each.name: each.type() if get_origin(each.type) in (list, dict) else nothing.get(each.type)
        for each in fields(BatchRecord)
        if each.default is MISSING and each.default_factory is MISSING
    }
    verdicts = Counter(row["verdict"] for row in ledger)
    moments = [row["swept_at"] for row in ledger if row["swept_at"]]
    is_whole = verdicts["complete"] == len(ledger)
    return BatchRecord(
        **empty
        | {
            "batch_id": batch_id,
            "started_at": paths.started_at,
            "ended_at": max(moments, default=paths.started_at) + timedelta(seconds=1),
            "status": Status.COMPLETED if is_whole else Status.PARTIAL,
            "interval_seconds": 600,
            "planned": len(ledger),
            "complete": verdicts["complete"],
            "partial": verdicts["partial"],
            "failed": verdicts["failed"],
            "scope": {},
            "completeness": 1.0,
            "coverage": 1.0,
        }
    )


def run(
    exchange: Exchange, data_dir: Path, first: datetime, batches: int, every: timedelta
) -> list[BatchPaths]:
    """So many batches, one after the other."""
    starts = (first + n * every for n in range(batches))
    return [exchange.batch(start, data_dir) for start in starts]


def over_midnight(data_dir: Path, exchange: Exchange, batches: int) -> Path:
    """So many batches, half of them before a midnight; the folder."""
    run(exchange, data_dir, MIDNIGHT - TEN_MINUTES * (batches // 2), batches, TEN_MINUTES)
    return data_dir


def manifests(data_dir: Path) -> list[Path]:
    """The manifests of a lake, the oldest first."""
    return sorted(data_dir.glob("raw/batches/*/*/*/batch_*.json"))
