"""A batch as it is handed to the database: small tables of codes and texts."""

from dataclasses import dataclass

import pyarrow as pa

from items import Verdict
from p2p_scrapy.warehouse.lake_batch import DamagedBatchError, LakeBatch
from p2p_scrapy.warehouse.staging.books import NUMBERS, in_book_order, ranks_of
from p2p_scrapy.warehouse.staging.columns import encoded, exact_text, key_of, whole
from p2p_scrapy.warehouse.staging.compute import pc
from p2p_scrapy.warehouse.staging.markets import Markets
from p2p_scrapy.warehouse.staging.methods import MethodSets, method_sets
from p2p_scrapy.warehouse.staging.people import IDENTITY, STATISTICS, in_order_of_looks, people
from p2p_scrapy.warehouse.staging.precision import too_long
from p2p_scrapy.warehouse.staging.refusals import refusals
from p2p_scrapy.warehouse.staging.storable import storable

TERMS = [
    "price_type",
    "classify",
    "pay_time_limit_minutes",
    "commission_rate",
    "taker_kyc_required",
]
_PLACE = ["trade_type", "adv_no", "asset", "fiat", "observed_at", "rank", "is_promoted"]
_METHODS = ["payment_methods", "payment_method_ids", "payment_method_names"]
COLUMNS = [*_PLACE, *NUMBERS, "advertiser_no", *IDENTITY, *STATISTICS, *_METHODS, *TERMS]
"""What of an ad enters the warehouse; the rest stays in the lake."""


@dataclass(frozen=True)
class Staged:
    """A batch, whose markets, terms and method sets are codes: places in the lists beside.

    ``ads`` are those of sweeps that did not fail, in the order of market and number.
    ``imprecise`` counts prices and quantities of over 15 digits.
    """

    batch: LakeBatch
    markets: pa.Table
    sweeps: pa.Table
    ads: pa.Table
    identities: pa.Table
    statistics: pa.Table
    refused: pa.Table
    methods: MethodSets
    terms: pa.Table
    imprecise: int


def stage(batch: LakeBatch) -> Staged:
    """Read a batch of the lake and make it ready.

    Raises:
        DamagedBatchError: the lake does not hold what the manifest says, or what no batch can hold.
    """
    try:
        return _stage(batch)
    except (pa.ArrowException, ValueError, LookupError, EOFError, OSError) as error:
        message = f"the batch of {batch.path} cannot be read: {error!r}"
        raise DamagedBatchError(f"{message}; restore its files from a backup") from error


def _stage(batch: LakeBatch) -> Staged:
    ledger = storable(batch.sweeps())
    markets = Markets(ledger)
    ads = in_order_of_looks(_ads_of(batch, ledger, markets))
    shown = people(ads)
    ads = in_book_order(ads.append_column("run", shown.run_of_ad))
    terms, different_terms = encoded(key_of(*(ads[name] for name in TERMS)), ads.select(TERMS))
    methods = method_sets(ads)
    numbers = {name: exact_text(ads[name]) for name in NUMBERS}
    return Staged(
        batch=batch,
        markets=markets.names,
        sweeps=_sweeps(ledger, ads),
        ads=pa.table(
            {
                "market": whole(ads["market"]),
                "adv_no": whole(ads["adv_no"]),
                "run": whole(ads["run"]),
                "method_set": methods.of_ad,
                "terms": terms,
                "is_ranked": pc.is_valid(ads["rank"]),
                **numbers,
            }
        ),
        identities=shown.identities,
        statistics=shown.statistics,
        refused=refusals(batch.refusals(), markets.keys),
        methods=methods,
        terms=different_terms,
        imprecise=sum(too_long(text) for text in numbers.values()),
    )


def _ads_of(batch: LakeBatch, ledger: pa.Table, markets: Markets) -> pa.Table:
    """The ads of sweeps that did not fail, each with its market and the time of its sweep."""
    ads = storable(batch.ads(COLUMNS))
    market = markets.codes(ads["asset"], ads["fiat"], ads["trade_type"])
    ads = ads.append_column("market", market)
    ads = ads.append_column("swept_at", pc.take(ledger["swept_at"], market))
    ads = ads.set_column(
        ads.schema.get_field_index("advertiser_no"),
        "advertiser_no",
        pc.fill_null(ads["advertiser_no"], ""),
    )
    stands = pc.not_equal(pc.take(ledger["verdict"], market), Verdict.FAILED.value)
    return ads.filter(stands)


def _sweeps(ledger: pa.Table, ads: pa.Table) -> pa.Table:
    count = ledger.num_rows
    kept = ledger.drop_columns(["venue", "batch_id", "asset", "fiat", "side"])
    kept = kept.rename_columns({"rows": "rows_seen", "unique": "unique_ads"})
    kept = kept.append_column("market", pa.array(range(count), pa.int32()))
    return kept.append_column("ranks", ranks_of(ads, count))
