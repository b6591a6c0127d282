"""In which order markets are begun, so that no minute's budget lies idle."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from p2p_scrapy.census.planner.prospect import Prospect

if TYPE_CHECKING:
    from items import Pair

Unit = list[Prospect]
"""The markets of a pair that are read in a batch: they leave together."""


def by_pair(prospects: Iterable[Prospect]) -> list[Unit]:
    """The markets of each pair together, at the place of the first of them."""
    units: dict[Pair, Unit] = {}
    for each in prospects:
        units.setdefault(each.market.pair, []).append(each)
    return list(units.values())


def cost(unit: Unit) -> int:
    """Requests that a unit leads to."""
    return sum(each.requests for each in unit)


def largest_first(units: Iterable[Unit]) -> list[Unit]:
    """The large before the small, empty ones last."""
    return sorted(units, key=lambda unit: (cost(unit), sum(p.gain for p in unit)), reverse=True)


def in_minutes(units: Iterable[Unit], budget: int) -> list[Unit]:
    """The units in their order, but for some that are moved forward to fill each minute.

    A large book leaves when its whole budget is saved up. Where large ones follow each other, the
    rest of a minute's budget that the next does not fit into would lie idle, up to 30 % of it. The
    next ones that fit are put there. Those are as large as can be, so the small ones, which fill
    every gap, last to the end.
    """
    waiting = list(units)
    order: list[Unit] = []
    while waiting:
        order += _minute(waiting, budget)
    return order


def _minute(waiting: list[Unit], budget: int) -> list[Unit]:
    """Take out what leaves together: a budget's worth, or one unit that is larger."""
    room = max(budget, cost(waiting[0]))
    taken: list[Unit] = []
    for unit in waiting:
        if cost(unit) <= room:
            taken.append(unit)
            room -= cost(unit)
    places = {id(unit) for unit in taken}
    waiting[:] = [unit for unit in waiting if id(unit) not in places]
    return taken
