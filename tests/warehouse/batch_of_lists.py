"""A batch of the lake, made of lists of ads, sweeps and refusals: filled up, and counted."""

import math
import uuid
from collections import Counter
from dataclasses import MISSING, fields
from datetime import timedelta

import msgspec

from items import (
    AD_COLUMNS,
    SWEEP_COLUMNS,
    VENUE,
    BatchRecord,
    Shortfall,
    Side,
    Status,
    Verdict,
    snapshot_id,
)
from p2p_scrapy.census.scope import Scope

READ_AFTER = timedelta(seconds=5)
ENDED_AFTER = timedelta(seconds=80)
PAGE_SIZE = 20


class BatchOfLists:
    """What a batch of the lake is made of: ads, sweeps and refusals, filled up and counted."""

    def __init__(self, started_at, ads, sweeps, refused):
        self.started_at = started_at
        self.batch_id = str(uuid.uuid5(uuid.NAMESPACE_OID, started_at.isoformat()))
        self.read_at = started_at + READ_AFTER
        self.refused = [{"observed_at": self.read_at, **each} for each in refused]
        self.ads = self._filled(ads)
        self.sweeps = [self._counted(each) for each in self._with_implied(sweeps)]

    def _filled(self, ads):
        places = Counter()
        filled = []
        for each in ads:
            places[self._key(each)] += each.get("rank", 0) is not None
            rank = each.get("rank", places[self._key(each)])
            own = {
                "snapshot_id": snapshot_id(self.started_at, Side(each["trade_type"])),
                "fetched_at": self.started_at,
                "fetched_date": f"{self.started_at:%Y-%m-%d}",
                "batch_id": self.batch_id,
                "venue": VENUE,
                "observed_at": self.read_at,
                "rank": rank,
                "page": 1 if rank is None else math.ceil(rank / PAGE_SIZE),
                "is_promoted": rank is None,
            }
            filled.append({**dict.fromkeys(AD_COLUMNS), **own, **each})
        return filled

    def _with_implied(self, sweeps):
        """The sweeps, and a complete one for every market that has ads and none."""
        named = {self._key(each): {"verdict": "complete"} for each in [*self.ads, *self.refused]}
        named |= {self._key(each): each for each in sweeps}
        return [
            {"asset": asset, "fiat": fiat, "side": side, **named[asset, fiat, side]}
            for asset, fiat, side in named
        ]

    def _counted(self, sweep):
        key = self._key(sweep)
        ads = [each for each in self.ads if self._key(each) == key]
        refused = sum(self._key(each) == key for each in self.refused)
        natural = sum(each["rank"] is not None for each in ads) + refused
        was_read = sweep["verdict"] != Verdict.FAILED
        own = {
            "venue": VENUE,
            "batch_id": self.batch_id,
            "started_at": self.started_at,
            "first_response_at": self.read_at if was_read else None,
            "swept_at": self.read_at if was_read else None,
            "lane": "direct",
            "total_first": natural if was_read else None,
            "total_last": natural if was_read else None,
            "rows": len(ads) + refused,
            "unique": natural,
            "promoted": len(ads) + refused - natural,
            "duplicates": 0,
            "refused": refused,
            "pages": max(math.ceil(natural / PAGE_SIZE), 1) if was_read else 0,
            "rereads": 0,
            "error": None if sweep["verdict"] == Verdict.COMPLETE else "timeout",
        }
        return {**dict.fromkeys(SWEEP_COLUMNS), **own, **sweep}

    @staticmethod
    def _key(row):
        return row["asset"], row["fiat"], row.get("side") or row["trade_type"]

    def record(self, **given):
        """The manifest: counted where the batch tells, plain zeros elsewhere, or as given."""
        verdicts = Counter(each["verdict"] for each in self.sweeps)
        short = [each for each in self.sweeps if each["verdict"] != Verdict.COMPLETE]
        plain = {int: 0, list: [], dict: {}}
        told = {
            "batch_id": self.batch_id,
            "started_at": self.started_at,
            "ended_at": self.started_at + ENDED_AFTER,
            "status": Status.PARTIAL if short else Status.COMPLETED,
            "interval_seconds": 600,
            "sample": False,
            "scope": msgspec.to_builtins(Scope()),
            "catalogue": "exchange",
            "planned": len(self.sweeps),
            **{str(verdict): verdicts[verdict] for verdict in Verdict},
            "shortfalls": [
                Shortfall("{asset}/{fiat} {side}".format(**each), each["verdict"], each["error"])
                for each in short
            ],
            "ads": dict(Counter(each["trade_type"].lower() for each in self.ads)),
            "completeness": 1.0,
            "coverage": 1.0,
            "refused": dict(Counter(each["reason"] for each in self.refused)),
            "stopped": None,
        }
        zeros = {
            field.name: plain[getattr(field.type, "__origin__", field.type)]
            for field in fields(BatchRecord)
            if field.name not in told
            and field.default is MISSING
            and field.default_factory is MISSING
        }
        return BatchRecord(**{**zeros, **told, **given})
