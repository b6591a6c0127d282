"""What was read of what there was: shares that the manifest tells."""

from typing import Any

from items import BatchRecord
from p2p_scrapy.warehouse.quality.outcome import Check
from p2p_scrapy.warehouse.quality.thresholds import Thresholds
from p2p_scrapy.warehouse.staging import Staged

_NARROWING = ("fiats", "assets", "sides")


def completeness(staged: Staged, thresholds: Thresholds) -> Check:
    """The share of the ads that the planned markets report which was read.

    Unknown is not enough: a market that nobody could ask may hold any number of ads.
    """
    share, least = staged.batch.record.completeness, thresholds.completeness
    short = _short(staged)
    unread = staged.batch.record.unread
    return Check(
        "completeness",
        share,
        least,
        passed=share is not None and share >= least,
        finding=f"{_percent(share)} of the ads that the planned markets report were read, "
        f"{_percent(least)} must be; {len(short)} markets are short, {len(unread)} were not asked",
        details={"short": short, "unread": unread},
    )


def planned_markets(record: BatchRecord, thresholds: Thresholds) -> Check:
    """The share of the planned markets that were read whole.

    A currency whose markets the exchange did not tell fails it: nobody knows what was not planned.
    """
    share = record.complete / record.planned if record.planned else None
    least = thresholds.completeness
    return Check(
        "planned_markets",
        share,
        least,
        passed=share is not None and share >= least and not record.unknown_fiats,
        finding=f"{record.complete} of {record.planned} planned markets were read whole"
        f" ({_percent(share)}), {_percent(least)} must be;"
        f" the markets of {len(record.unknown_fiats)} currencies are unknown",
        details={
            "planned": record.planned,
            "complete": record.complete,
            "shortfalls": [
                {"market": each.market, "verdict": each.verdict, "error": each.error}
                for each in record.shortfalls
            ],
            "unread": record.unread,
            "unknown_fiats": record.unknown_fiats,
        },
    )


def coverage(record: BatchRecord, thresholds: Thresholds) -> Check:
    """The share of all known ads whose market was read within the last interval.

    A batch that was asked for fewer markets is not blamed for the others, nor is one at whose end
    the sizes of some markets were not known yet.
    """
    share, least = record.coverage, thresholds.completeness
    narrowed = {name: record.scope[name] for name in _NARROWING if record.scope.get(name)}
    return Check(
        "coverage",
        share,
        least,
        passed=share is None or bool(narrowed) or share >= least,
        finding=f"{_percent(share)} of all known ads stand in markets that were read within the"
        f" last {record.interval_seconds} s, {_percent(least)} should",
        details=_only({"unknown": share is None, "narrowed_to": narrowed}),
    )


def _short(staged: Staged) -> list[dict[str, Any]]:
    """Markets of which fewer ads were read than reported, the shortest first."""
    rows = zip(
        *(staged.markets[name].to_pylist() for name in ("asset", "fiat", "side")),
        *(staged.sweeps[name].to_pylist() for name in ("unique_ads", "total_first")),
        strict=True,
    )
    short = [
        {"market": f"{asset}/{fiat} {side}", "read": read, "reported": reported}
        for asset, fiat, side, read, reported in rows
        if reported is not None and read < reported
    ]
    return sorted(short, key=lambda each: each["read"] - each["reported"])


def _percent(share: float | None) -> str:
    return "an unknown share" if share is None else f"{share:.2%}"


def _only(details: dict[str, Any]) -> dict[str, Any]:
    """What there is to tell."""
    return {name: value for name, value in details.items() if value}
