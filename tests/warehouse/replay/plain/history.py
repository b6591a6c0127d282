"""A lake's files applied, sweep after sweep, to books that are dictionaries."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.warehouse.replay.plain.files import read_batch, stats_of, values_of, who_of
from tests.warehouse.replay.plain.records import Advertiser, Market, Standing, Sweep, Version, Who


class History:
    """A lake's history: ``sweeps`` of each market in order, ``people``, and ``versions``."""

    def __init__(self, data_dir: Path) -> None:
        self.sweeps: dict[Market, list[Sweep]] = defaultdict(list)
        self.people: dict[str, Advertiser] = defaultdict(Advertiser)
        self.versions: list[Version] = []
        for ledger in sorted(data_dir.glob("raw/sweeps/*/*/*/sweeps_*.parquet")):
            self._apply(*read_batch(data_dir, ledger))

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
            _append_change(person.who, moment, who_of(row))
            person.stats.append((moment, stats_of(row)))

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
        values = values_of(row, since)
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

    def moments(self) -> list[datetime]:
        return sorted(sweep.swept_at for sweeps in self.sweeps.values() for sweep in sweeps)

    def every_sweep(self) -> Iterator[Sweep]:
        for sweeps in self.sweeps.values():
            yield from sweeps

    def last_sweep(self, market: Market, moment: datetime) -> Sweep | None:
        sweeps = self.sweeps.get(market, [])
        at = bisect_right(sweeps, moment, key=lambda sweep: sweep.swept_at)
        return sweeps[at - 1] if at else None


def _append_change(history: list[tuple[datetime, Who]], moment: datetime, who: Who) -> None:
    if not history or history[-1][1] != who:
        history.append((moment, who))
