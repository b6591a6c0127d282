"""A seeded market place whose books are read, batch by batch, into a lake.

Its sweeps may see only a part, or fail; ads are refused, and people change between two looks.
"""

import random
import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from items import Market, Refusal, Side
from p2p_scrapy.lake.paths import BatchPaths
from tests.warehouse.replay.simulated.batch import Sweep, ad_row, ledger_row, write
from tests.warehouse.replay.simulated.books import Books, Offer
from tests.warehouse.replay.simulated.people import drift, new_person

PAGE = 20
REFUSALS = ("no_surplus", "no_surplus", "min_above_max", "zero_finish_rate", "no_price")


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
        markets = [Market(asset, fiat, side) for fiat in fiats for asset in assets for side in Side]
        everybody = [new_person(rng, n) for n in range(people)]
        self.books = Books(rng, everybody, markets, most)

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
        markets = list(self.books.offers)
        self.rng.shuffle(markets)
        return [market for market in markets if self.rng.random() > 0.12]

    def _sweep(
        self, market: Market, started_at: datetime, partial: float = 0.15, failed: float = 0.08
    ) -> Sweep:
        chance = self.rng.random()
        verdict = (
            "failed" if chance < failed else "partial" if chance < failed + partial else "complete"
        )
        begins = started_at + timedelta(seconds=self.rng.uniform(1, 300))
        ranked = [offer for offer in self.books.churn(market) if offer.place != "promoted"]
        front = [offer for offer in self.books.offers[market] if offer.place == "promoted"]
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
            drift(self.rng, offer.person)
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
