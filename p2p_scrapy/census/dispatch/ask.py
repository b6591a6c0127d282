"""A question on its way, and the bursts that leave together."""

from dataclasses import dataclass, field

from p2p_scrapy.binance.queries import Query
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.census.open_sweep import OpenSweep


@dataclass(slots=True, eq=False)
class Ask:
    """A question; ``page`` is 0 for what is no page. Times are monotonic seconds.

    ``failures`` counts its failed tries by the kind of their trouble.
    ``holds`` is the budget to be held for the pages that are expected to follow from the answer.
    ``claimed_at`` is since when a lane has been saving up for the burst that it begins, None while
    none has. ``lane`` is the one that paid for it, None while none has.
    """

    query: Query
    sweep: OpenSweep | None = None
    fiat: str = ""
    page: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    holds: int = 0
    ready_at: float = 0.0
    claimed_at: float | None = None
    left_at: float = 0.0
    lane: Lane | None = None


Burst = list[Ask]
"""Questions that leave together, once a lane has saved up the budget for all of them."""


def price(burst: Burst) -> int:
    """Requests that a burst leads to, as far as is known."""
    return sum(1 + ask.holds for ask in burst)


def mark_ready(burst: Burst, now: float) -> None:
    """Note the moment from which a burst waits for the budget."""
    for ask in burst:
        ask.ready_at = now


def count_waits(burst: Burst, now: float) -> None:
    """Note what a sweep waited for the budget: a burst waits once, however many its pages."""
    for sweep in {ask.sweep: None for ask in burst if ask.sweep is not None}:
        sweep.waited += now - min(ask.ready_at for ask in burst if ask.sweep is sweep)


def by_sweep(asks: Burst) -> list[Burst]:
    """The questions of each sweep as a burst of its own; those of none are one as well."""
    bursts: dict[OpenSweep | None, Burst] = {}
    for ask in asks:
        bursts.setdefault(ask.sweep, []).append(ask)
    return list(bursts.values())
