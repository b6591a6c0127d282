"""The plan of a batch: what it reads for certain, what where there is time, and in which order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from items import Market
from p2p_scrapy.census.planner.order import Unit, by_pair, cost, in_minutes, largest_first
from p2p_scrapy.census.planner.pace import Pace
from p2p_scrapy.census.planner.prospect import Prospect
from p2p_scrapy.census.planner.selection import NO_ROOM, everything, select

SMALL = 4
"""Requests for a pair at most that may be begun beyond the plan when a window is nearly over: its
books hardly move while they are read, and to read them again takes next to nothing."""


@dataclass(slots=True)
class Plan:
    """``firm`` are the markets that the batch is to read, in their order.

    ``deferred`` are the others, with the reason: they are read where there is time after all.
    ``holds`` is how many requests the window holds, None without one, and ``needs`` how many all
    markets lead to, both as far as is known.
    """

    firm: list[Market]
    deferred: dict[Market, str] = field(default_factory=dict)
    holds: int | None = None
    needs: int = 0
    _new: list[Unit] = field(default_factory=list)
    _known: list[Unit] = field(default_factory=list)
    _left: list[Unit] = field(default_factory=list)

    @classmethod
    def of_everything(
        cls, prospects: list[Prospect], pace: Pace, started_at: datetime, budget: int
    ) -> Self:
        """Without a window; ``budget`` is what a lane can pay for in a minute."""
        found = everything(prospects, pace, started_at)
        new, known = by_pair(found.new), _ordered(found.overdue, found.chosen, budget)
        firm = _markets([*new, *known])
        return cls(firm, needs=_requests(prospects), _new=new, _known=known)

    @classmethod
    def of_window(
        cls,
        prospects: list[Prospect],
        pace: Pace,
        started_at: datetime,
        *,
        budget: int,
        holds: int,
    ) -> Self:
        """For a window that holds so many requests.

        New markets are planned as far as there is time, since their sizes are not known.
        """
        found = select(prospects, holds, pace, started_at)
        known = _ordered(found.overdue, found.chosen, budget)
        new, left = by_pair(found.new), by_pair(found.left)
        deferred = dict.fromkeys(_markets(new), NO_ROOM)
        deferred |= {each.market: reason for each, reason in found.left.items()}
        needs = _requests(prospects)
        return cls(_markets(known), deferred, holds, needs, _new=new, _known=known, _left=left)

    def units(
        self, begun: Mapping[Market, object], *, with_new: bool = True, with_large: bool = True
    ) -> Iterator[list[Market]]:
        """What is still to begin, the markets of a pair together; a gap before what is not planned.

        The gap is an empty unit: what follows it may not go before anything that is planned.
        ``with_new`` includes markets of unknown size, ``with_large`` more than small books beyond
        the plan.
        """
        left = [unit for unit in self._left if with_large or cost(unit) <= SMALL]
        for unit in [*(self._new if with_new else []), *self._known, [], *left]:
            markets = [each.market for each in unit if each.market not in begun]
            if markets or not unit:
                yield markets

    def to_come(self, begun: Mapping[Market, object], usual: float) -> float:
        """Requests that its markets which have not begun lead to: ``usual`` each where unknown."""
        planned = [each for unit in [*self._new, *self._known] for each in unit]
        left = [each for each in planned if each.market not in begun]
        return sum(usual if each.is_new else each.requests for each in left)


def _ordered(overdue: list[Prospect], others: list[Prospect], budget: int) -> list[Unit]:
    """What cannot wait first, then the large before the small."""
    units = by_pair([*overdue, *others])
    urgent = len({each.market.pair for each in overdue})
    return in_minutes([*units[:urgent], *largest_first(units[urgent:])], budget)


def _markets(units: list[Unit]) -> list[Market]:
    return [each.market for unit in units for each in unit]


def _requests(prospects: list[Prospect]) -> int:
    return sum(each.requests for each in prospects)
