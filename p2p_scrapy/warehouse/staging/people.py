"""Advertisers as one batch shows them: when who they are, or how they do, was seen to change.

Of one sweep, the latest seen of an advertiser's ads counts (docs/warehouse.md).
"""

from dataclasses import dataclass

import pyarrow as pa

from p2p_scrapy.warehouse.staging.columns import (
    any_of,
    differs_from_previous,
    exact_text,
    joined,
    key_of,
    last_of_each,
    lists_of,
    numbered,
    whole,
)
from p2p_scrapy.warehouse.staging.compute import Column, Values, pc

IDENTITY = (
    "advertiser_name",
    "advertiser_type",
    "is_merchant",
    "user_grade",
    "user_identity",
    "badges",
    "vip_level",
)
STATISTICS = ("month_order_count", "month_finish_rate", "positive_rate")


@dataclass(frozen=True)
class People:
    """What a batch shows of its advertisers.

    ``identities``: one row a run of looks at an advertiser that were all alike, numbered by
    ``run``; ``statistics`` likewise, and anew each day; ``run_of_ad``: each ad's identity then.
    """

    identities: pa.Table
    statistics: pa.Table
    run_of_ad: Values


def in_order_of_looks(ads: pa.Table) -> pa.Table:
    """Ads by advertiser, then as they were seen; a promoted ad stands in front of its page."""
    keys = ("advertiser_no", "swept_at", "observed_at", "rank")
    order = [(key, "ascending", "at_start") for key in keys]
    return ads.take(pc.sort_indices(ads, sort_keys=order))


def people(ads: pa.Table) -> People:
    """What the ads, which must be in the order of looks, tell of their advertisers."""
    someone_else = differs_from_previous(ads["advertiser_no"])
    new_look = any_of(someone_else, differs_from_previous(ads["swept_at"]))
    looks = ads.filter(last_of_each(new_look))
    other = differs_from_previous(looks["advertiser_no"])
    who = key_of(*(_flat(looks, name) for name in IDENTITY))
    starts = any_of(other, differs_from_previous(who))
    runs = numbered(starts)
    return People(
        identities=_identities(looks.filter(starts)),
        statistics=_statistics(looks, runs, other),
        run_of_ad=pc.take(runs, numbered(new_look)),
    )


def _identities(first: pa.Table) -> pa.Table:
    small = first.select(["advertiser_no", "swept_at", *IDENTITY])
    names = ["advertiser_no", "since", "nickname", *IDENTITY[1:]]
    table = small.rename_columns(names)
    return table.append_column("run", pa.array(range(table.num_rows), pa.int32()))


def _statistics(looks: pa.Table, runs: Values, other: Values) -> pa.Table:
    day = looks["swept_at"].cast(pa.timestamp("us")).cast(pa.date32())
    how = key_of(*(looks[name] for name in STATISTICS))
    starts = any_of(other, differs_from_previous(day), differs_from_previous(how))
    first = looks.filter(starts)
    return pa.table(
        {
            "run": runs.filter(starts),
            "day": whole(day).filter(starts),
            "since": whole(first["swept_at"]),
            "month_order_count": whole(first["month_order_count"]).cast(pa.int32()),
            "month_finish_rate": exact_text(first["month_finish_rate"]),
            "positive_rate": exact_text(first["positive_rate"]),
        }
    )


def _flat(table: pa.Table, name: str) -> Column:
    column = table[name]
    return joined(lists_of(column)) if pa.types.is_list(column.type) else column
