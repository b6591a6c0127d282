"""What a batch is to read, and what it puts off until there turns out to be time for it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from items import Market
from p2p_scrapy.census.planner import Plan


@dataclass(slots=True)
class Agenda:
    """Knows what is planned, as it grows in the course of a batch.

    ``plan`` is None until it is made. ``planned`` are the markets that are to be read, those that
    were taken up after all included; ``deferred`` are the others, with the reason.
    ``on_planned`` is given the markets that are planned from now on.
    """

    on_planned: Callable[[list[Market]], None]
    plan: Plan | None = None
    planned: list[Market] = field(default_factory=list)
    deferred: dict[Market, str] = field(default_factory=dict)

    def enter(self, plan: Plan) -> None:
        """Enter what is to be read."""
        self.plan = plan
        self.deferred = dict(plan.deferred)
        self._add(plan.firm)

    def take_up(self, market: Market) -> None:
        """Note that a market is begun; where it was deferred it is planned from now on."""
        if self.deferred.pop(market, None) is not None:
            self._add([market])

    def _add(self, markets: list[Market]) -> None:
        self.planned += markets
        self.on_planned(markets)
