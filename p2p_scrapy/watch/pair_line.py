"""The line that a pair leaves in the log when both its sides are read."""

from collections import Counter
from datetime import datetime
from statistics import median

from items import Pair, Side
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.census.prices import exact, spread
from p2p_scrapy.watch import figures

_METHODS_SHOWN = 5


def pair_line(started_at: datetime, pair: Pair, sweeps: dict[Side, OpenSweep]) -> str:
    """Counts, price ranges, spread, medians and methods of a pair, as of one batch.

    The spread is best ask less best bid; it may be negative. Ads without a rank take no part in
    prices.
    """
    parts = [
        f"{started_at:%Y-%m-%d %H:%M:%S} UTC",
        str(pair),
        " ".join(_book(side, sweeps[side]) for side in Side if side in sweeps),
        f"spread= {_spread(sweeps)}",
        f"took {_took(sweeps):.1f}s",
        f"methods=[{_methods(sweeps)}]",
        f"medians= {_medians(sweeps)}",
        f"older than 7 days= {sum(sweep.old_ads for sweep in sweeps.values())}",
    ]
    return " | ".join(parts)


def _book(side: Side, sweep: OpenSweep) -> str:
    if not sweep.prices:
        return f"{side}={sweep.kept} ads [-]"
    low, high = figures.price(min(sweep.prices)), figures.price(max(sweep.prices))
    return f"{side}={sweep.kept} ads [{low}–{high}]"  # noqa: RUF001 - a range


def _spread(sweeps: dict[Side, OpenSweep]) -> str:
    return figures.price(spread(sweeps))


def _took(sweeps: dict[Side, OpenSweep]) -> float:
    begun = min(sweep.started_at for sweep in sweeps.values())
    ended = max(sweep.swept_at or sweep.started_at for sweep in sweeps.values())
    return (ended - begun).total_seconds()


def _methods(sweeps: dict[Side, OpenSweep]) -> str:
    met: Counter[str] = sum((sweep.methods for sweep in sweeps.values()), Counter())
    names = [name for name, _ in met.most_common(_METHODS_SHOWN)]
    return ",".join([*names, "..."] if len(met) > _METHODS_SHOWN else names)


def _medians(sweeps: dict[Side, OpenSweep]) -> str:
    books = [sweep.prices for sweep in sweeps.values()]
    return "/".join(figures.price(median(map(exact, book)) if book else None) for book in books)
