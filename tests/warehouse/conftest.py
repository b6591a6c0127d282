"""A real PostgreSQL, a fresh warehouse for each test, and small batches in a lake of their own.

One server serves a worker's whole session; ``database`` copies a migrated template. Batches are
written by the lake's own writers, so what is loaded is what a run would have left.

    first = make_batch(at(0), ads=[ad("1", price=58.1), ad("2", "USDT/VES BUY")])
    load(first)
    assert query("SELECT adv_no FROM warehouse.live ORDER BY 1") == [("1",), ("2",)]
"""

import math
import uuid
from collections import Counter
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
import pytest
from psycopg2.extensions import make_dsn
from scrapy.settings import Settings

from items import (
    AD_COLUMNS,
    SWEEP_COLUMNS,
    VENUE,
    BatchRecord,
    Market,
    Refusal,
    Shortfall,
    Side,
    Status,
    Verdict,
    snapshot_id,
)
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.config import Config
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.warehouse import loading, partitions, schema
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.lake_batch import LakeBatch
from p2p_scrapy.warehouse.quality import Thresholds
from p2p_scrapy.warehouse.staging import stage
from tests.postgres import execute, forgetful_server

NOON = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
MARKET = "USDT/VES SELL"
PAGE_SIZE = 20
READ_AFTER = timedelta(seconds=5)
ENDED_AFTER = timedelta(seconds=80)
TEMPLATE = "migrated"
NUMBERS = count(1)


@pytest.fixture(scope="session")
def server():
    """A server of this worker's own."""
    with forgetful_server() as running:
        yield running


@pytest.fixture(scope="session")
def template_settings(server):
    """What a copy of the migrated template lacks: the settings that belong to a database."""
    execute(server.dsn, f"CREATE DATABASE {TEMPLATE}")
    with connected(make_dsn(server.dsn, dbname=TEMPLATE)) as connection:
        schema.migrate(connection)
    rows = execute(
        server.dsn,
        "SELECT unnest(setconfig) FROM pg_db_role_setting"
        f" JOIN pg_database d ON d.oid = setdatabase WHERE datname = '{TEMPLATE}'",
    )
    return [setting for (setting,) in rows]


@pytest.fixture
def database(server, template_settings):
    """The dsn of a fresh database with the schema, for this test alone.

    Its files are copied: without fsync, that is faster than to write every page to the log.
    """
    name = f"test_{next(NUMBERS)}"
    execute(
        server.dsn,
        f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY",
        *(f"ALTER DATABASE {name} SET {setting}" for setting in template_settings),
    )
    yield make_dsn(server.dsn, dbname=name)
    execute(server.dsn, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def connection(database):
    """A connection to this test's database, as the project makes one."""
    with connected(database) as open_connection:
        yield open_connection


@pytest.fixture
def query(connection):
    """Run a statement in a transaction of its own; its rows, if it has any."""

    def run(statement, *parameters):
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture(scope="session")
def thresholds():
    """The quality checks' limits by default."""
    return Thresholds.from_config(Config.from_settings(Settings()))


@pytest.fixture
def load(connection, thresholds):
    """Load a batch, with the partitions that it needs."""

    def run(batch, limits=thresholds):
        staged = stage(batch)
        partitions.make_partitions(connection, batch.record.started_at, batch.record.ended_at)
        with connection, connection.cursor() as cursor:
            return loading.load(cursor, staged, limits)

    return run


@pytest.fixture(scope="session")
def at():
    """A moment, in minutes after a noon."""

    def moment(minutes=0, **more):
        return NOON + timedelta(minutes=minutes, **more)

    return moment


def market_of(text):
    """``USDT/VES SELL`` as a market."""
    pair, side = text.split()
    return Market(*pair.split("/"), Side(side))


@pytest.fixture(scope="session")
def ad():
    """An ad for make_batch: columns that are not named are something plain.

    Its rank is its place among its market's ads, unless it is given; None makes it promoted only.
    """

    def build(adv_no, market=MARKET, **columns):
        where = market_of(market)
        return {
            "adv_no": adv_no,
            "asset": where.asset,
            "fiat": where.fiat,
            "trade_type": where.side.value,
            "search_side": where.side.opposite.value,
            "price": 58.1,
            "surplus_amount": 100.0,
            "min_amount": 10.0,
            "max_amount": 5000.0,
            "tradable_quantity": 100.0,
            "advertiser_no": "u1",
            "advertiser_name": "Ana",
            "advertiser_type": "user",
            "month_order_count": 21,
            "month_finish_rate": 0.98,
            "positive_rate": 0.99,
            "payment_methods": ["BANK"],
            "payment_method_ids": ["BANK"],
            "payment_method_names": ["Bank Transfer"],
            "price_type": "FIXED",
            "classify": "mass",
            "is_merchant": False,
            **columns,
        }

    return build


@pytest.fixture(scope="session")
def sweep():
    """A sweep for make_batch; counts that are not named are those of the batch's ads."""

    def build(market=MARKET, verdict="complete", **columns):
        where = market_of(market)
        names = {"asset": where.asset, "fiat": where.fiat, "side": where.side.value}
        return {**names, "verdict": verdict, **columns}

    return build


@pytest.fixture(scope="session")
def refusal():
    """A refused ad for make_batch."""

    def build(adv_no, reason="no_surplus", market=MARKET, **more):
        where = market_of(market)
        return {
            "reason": reason,
            "asset": where.asset,
            "fiat": where.fiat,
            "side": where.side.value,
            "page": 1,
            "adv_no": adv_no,
            "error": None,
            "entry": "{}",
            **more,
        }

    return build


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


@pytest.fixture
def make_batch(tmp_path):
    """Write a closed batch into a lake, by default the test's own.

    Markets of ads without a sweep get a complete one, read 5 seconds after the start. More
    arguments are fields of the manifest, for instance ``completeness=0.9``.
    """

    def build(started_at, ads=(), sweeps=(), refused=(), data_dir=tmp_path / "data", **record):
        paths = BatchPaths(data_dir, started_at)
        batch = BatchOfLists(started_at, ads, sweeps, refused)
        log = Journal(paths.journal)
        for each in batch.ads:
            log.append("ad", list(each.values()))
        for each in batch.sweeps:
            log.append("sweep", list(each.values()))
        for each in batch.refused:
            log.append("refusal", asdict(Refusal(**each)))
        log.close()
        close_batch(batch.record(**record), paths)
        return LakeBatch(data_dir, paths.manifest)

    return build
