"""The report as one JSON document, for scripts."""

from typing import Any

from items import Pair
from p2p_scrapy.lake.inspection.census import Census, SideFigures
from p2p_scrapy.lake.inspection.finding import Finding, Tally
from p2p_scrapy.lake.inspection.lake_file import Home
from p2p_scrapy.lake.inspection.pair_figures import MarketFigures, PairFigures
from p2p_scrapy.lake.inspection.report import Report

Json = dict[str, Any]


def document(report: Report) -> Json:
    """The same findings and figures; times are ISO 8601 in UTC, prices in fiat, rows from 0."""
    return {
        "outcome": report.outcome,
        "files": dict(report.files),
        "batches": dict(report.statuses),
        "checks": [_check(tally) for tally in report.tallies],
        "lakes": [_lake(home, census) for home, census in report.censuses.items()],
    }


def _check(tally: Tally) -> Json:
    return {
        "name": tally.check.name,
        "title": tally.check.title,
        "outcome": tally.outcome,
        "examined": tally.examined,
        "files": len(tally.paths),
        "rows": tally.rows,
        "findings": [_finding(finding) for finding in tally.findings],
        "further_findings": tally.count - len(tally.findings),
        "advice": tally.check.advice if tally.count else None,
    }


def _finding(finding: Finding) -> Json:
    return {
        "path": str(finding.path),
        "what": finding.what,
        "row_count": finding.row_count,
        "rows": [{"row": row.number, "subject": row.subject} for row in finding.rows],
    }


def _lake(home: Home, census: Census) -> Json:
    return {
        "folder": str(home) if home else None,
        "first": census.first.isoformat() if census.first else None,
        "last": census.last.isoformat() if census.last else None,
        "sides": {side: _side(figures) for side, figures in census.sides.items()},
        "pairs": [_pair(pair, figures) for pair, figures in sorted(census.pairs.items())],
        "payment_methods": dict(census.methods.most_common()),
    }


def _side(figures: SideFigures) -> Json:
    return {
        "snapshots": figures.snapshots,
        "ads": figures.ads,
        "fewest": figures.fewest,
        "most": figures.most,
        "last": figures.last,
        "advertisers": len(figures.advertisers),
        "merchants": len(figures.merchants),
    }


def _pair(pair: Pair, figures: PairFigures) -> Json:
    spread = figures.spread
    return {
        "pair": str(pair),
        "markets": {
            side: _market(market) for side, market in figures.markets.items() if market.snapshots
        },
        "spread": None
        if spread.last is None
        else {
            "last": spread.last,
            "lowest": spread.lowest,
            "highest": spread.highest,
            "negative": spread.negative,
            "snapshots": spread.snapshots,
        },
    }


def _market(market: MarketFigures) -> Json:
    last = market.last
    return {
        "snapshots": market.snapshots,
        "ads": market.ads,
        "lowest": market.low,
        "highest": market.high,
        "last_ads": last.ads if last else 0,
        "last_median": last.median if last else None,
        "last_best": last.best if last else None,
    }
