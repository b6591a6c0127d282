"""What a sweep proves: its verdict, what speaks against it, and its line in the ledger."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from items import VENUE, Sweep, Verdict
from p2p_scrapy.census.doubt import newcomers

if TYPE_CHECKING:
    from p2p_scrapy.census.open_sweep import OpenSweep


def ledger_row(sweep: "OpenSweep", batch_id: str) -> Sweep:
    """The ledger row of a sweep as it stands."""
    verdict, evidence = _verdict(sweep), sweep.evidence
    return Sweep(
        venue=VENUE,
        batch_id=batch_id,
        asset=sweep.market.asset,
        fiat=sweep.market.fiat,
        side=sweep.market.side.value,
        started_at=sweep.started_at,
        first_response_at=evidence.first_at,
        swept_at=evidence.last_at,
        lane=sweep.lane,
        total_first=evidence.totals[0] if evidence.totals else sweep.looked_total,
        total_last=evidence.totals[-1] if evidence.totals else sweep.looked_total,
        rows=evidence.rows,
        unique=evidence.unique,
        promoted=evidence.promoted,
        duplicates=max(len(evidence.repetitions), sweep.repeated),
        refused=sweep.refused.total(),
        pages=len(sweep.looks),
        rereads=sweep.rereads,
        verdict=verdict.value,
        error=None if verdict is Verdict.COMPLETE else "; ".join(_shortcomings(sweep)),
    )


def _verdict(sweep: "OpenSweep") -> Verdict:
    if not sweep.looks:
        return Verdict.FAILED
    return Verdict.PARTIAL if _shortcomings(sweep) else Verdict.COMPLETE


def _shortcomings(sweep: "OpenSweep") -> list[str]:
    """Why this is no proof of the whole book; empty where it is one."""
    found = [f"{_pages(pages)}: {error}" for error, pages in sweep.errors.items()]
    if sweep.outstanding:
        found.append(f"the batch ended before {sweep.outstanding} of its pages came")
    if not sweep.looks:
        return found
    found += _contradictions(sweep)
    if not sweep.is_settled:
        found.append(f"{sweep.in_pipelines} ads were lost in the pipelines")
    if found and sweep.rounds:
        found.append(f"read again {'once' if sweep.rounds == 1 else 'twice'}")
    return found


def _contradictions(sweep: "OpenSweep") -> Iterator[str]:
    """What in the pages themselves speaks against their being one state of the book."""
    evidence = sweep.evidence
    totals = sorted({str(total) for total in evidence.totals})
    if len(totals) > 1:
        yield f"the total changed while it was read: {', '.join(totals)}"
    if evidence.unique != sweep.expected:
        yield f"{evidence.unique} ads seen of {sweep.expected} reported"
    if evidence.repetitions:
        yield f"{len(evidence.repetitions)} ads came twice"
    elif sweep.repeated:
        yield f"{sweep.repeated} ads had come in another market"
    if entered := newcomers(evidence):
        yield f"{entered} ads entered while it was read"


def _pages(pages: list[int]) -> str:
    return f"page {pages[0]}" if len(pages) == 1 else f"pages {', '.join(map(str, pages))}"
