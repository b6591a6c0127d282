"""Which faults strike a request."""

from collections.abc import Sequence
from random import Random

from p2p_scrapy.exchange.fault import Fault
from p2p_scrapy.exchange.fault_kinds import DELIVERIES, DISCOVERY_DOWN, REFUSALS
from p2p_scrapy.exchange.market import MarketKey


class Troubles:
    """The faults in force, each with a stream of chances of its own."""

    def __init__(self, faults: Sequence[Fault], seed: int) -> None:
        self._faults = [
            (fault, Random(f"{seed}/{place}/{fault.kind}"))  # noqa: S311  nothing here is a secret
            for place, fault in enumerate(faults)
        ]

    def strike_search(self, market: MarketKey) -> list[str]:
        """The kinds that a search in this market will see, in the order in which they were given.

        Where several strike at once, the first refusal hides all others, and of the deliveries
        only the first can be seen.
        """
        kinds = [
            fault.kind
            for fault, rng in self._faults
            if fault.kind != DISCOVERY_DOWN
            and fault.matches(*market)
            and rng.random() < fault.share
        ]
        refusals = [kind for kind in kinds if kind in REFUSALS]
        hidden = [kind for kind in kinds if kind in DELIVERIES][1:]
        return refusals[:1] or [kind for kind in kinds if kind not in hidden]

    def strike_discovery(self, fiat: str | None) -> bool:
        """Whether discovery is down for this request; the fiat-list is of no currency."""
        return any(
            fault.kind == DISCOVERY_DOWN
            and fault.matches(fiat, fault.asset, fault.side)
            and rng.random() < fault.share
            for fault, rng in self._faults
        )
