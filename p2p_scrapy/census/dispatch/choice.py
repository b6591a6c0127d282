"""Which burst leaves next, and by which lane: one look at all of them at one moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.lanes import Lanes
from p2p_scrapy.budget.window import SECONDS
from p2p_scrapy.census.dispatch.ask import Burst, price

SLACK = 5.0
"""Seconds by which a burst that waits may leave later, so that the budget which it does not need
is not left over: what was asked within some seconds comes back within some. Where it can leave
within as many, nothing goes before it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The first questions of a burst, which a lane can pay for now."""

    burst: Burst
    part: Burst
    lane: Lane
    cost: int


@dataclass(slots=True)
class Choice:
    """Finds the first burst that a lane can pay for.

    A burst goes to the lane that can pay now, of several to the one with most budget to spare.
    What has to wait claims the lane that can pay soonest; from then on something else leaves by
    that lane only where what waits leaves hardly later for it, and within a minute of its claim.
    So a large burst cannot be starved by small ones, and the budget that it does not need does
    not lie idle. ``reading`` are the pages of the sweeps that are being read, by lane.
    ``moments`` are those at which the look is worth repeating, in monotonic seconds.
    """

    lanes: Lanes
    now: float
    reading: Mapping[str, int] = field(default_factory=dict)
    moments: list[float] = field(default_factory=list)
    _claims: dict[Lane, Offer] = field(default_factory=dict)
    _in_vain: set[tuple[str, int, int]] = field(default_factory=set)

    def find(self, bursts: Iterable[Burst]) -> Offer | None:
        """The offer for the first of the bursts that has one."""
        for burst in bursts:
            tried = (_lane_name(burst), price(burst), price(_first_sweep(burst)))
            if tried in self._in_vain:
                continue
            offer = self._offer(burst)
            if offer is not None:
                return offer
            self._in_vain.add(tried)
        return None

    def _offer(self, burst: Burst) -> Offer | None:
        lanes = self._lanes_for(burst)
        offers = [self._part(burst, lane) for lane in lanes]
        payable = [offer for offer in offers if self._fits(offer)]
        if payable:
            return max(payable, key=lambda offer: offer.lane.window.available(self.now))
        short = [offer for offer in offers if not self._is_held_back(offer)]
        self.moments += (m for m in map(self._moment, short) if m is not None)
        self._claim(short)
        return None

    def _lanes_for(self, burst: Burst) -> list[Lane]:
        """The lane that a sweep has begun on, else those large enough for a whole sweep."""
        if name := _lane_name(burst):
            return [lane for lane in self.lanes.usable if lane.name == name]
        needed = min(price(_first_sweep(burst)), self.lanes.largest_budget(self.now))
        usable = self.lanes.usable
        return [lane for lane in usable if lane.is_open or lane.window.budget >= needed]

    def _part(self, burst: Burst, lane: Lane) -> Offer:
        """What of a burst can leave together: all of it, a budget's worth, or a probe."""
        size = 1 if lane.is_open else len(burst)
        while size > 1 and price(burst[:size]) > lane.window.budget:
            size -= 1
        cost = 1 if lane.is_open else min(price(burst[:size]), lane.window.budget)
        return Offer(burst, burst[:size], lane, cost)

    def _fits(self, offer: Offer) -> bool:
        lane, claim = offer.lane, self._claims.get(offer.lane)
        if not lane.can_pay(offer.cost, self.now):
            return False
        if claim is not None and not self._spares(claim, offer.cost):
            return False
        return not self._is_held_back(offer)

    def _is_held_back(self, offer: Offer) -> bool:
        """Whether something new waits for the answers to what is being read, not for the budget.

        A book may move while it is read. Its pages can be read again at once where the budget for
        that has not gone to others, which can well wait the seconds that a sweep takes.
        """
        left = offer.lane.window.available(self.now) - offer.cost
        is_new = not _lane_name(offer.burst)
        return is_new and 0 <= left < self.reading.get(offer.lane.name, 0)

    def _spares(self, claim: Offer, cost: int) -> bool:
        """Whether something else may leave before what has claimed the lane."""
        lane, both = claim.lane, claim.cost + cost
        claimed_at = claim.part[0].claimed_at
        if both > lane.window.budget or claimed_at is None:
            return False
        ready_at = self._ready_at(lane, claim.cost)
        if ready_at <= self.now + SLACK:
            return self._ready_at(lane, both) <= ready_at
        return self._ready_at(lane, both) <= min(claimed_at + SECONDS, ready_at) + SLACK

    def _ready_at(self, lane: Lane, cost: int) -> float:
        """When a lane can pay; a minute from now where answers have to come first."""
        moment = lane.ready_at(cost, self.now)
        return self.now + SECONDS if moment is None else moment

    def _moment(self, offer: Offer) -> float | None:
        claim = self._claims.get(offer.lane)
        needed = offer.cost + (claim.cost if claim else 0)
        if needed > offer.lane.window.budget:
            return None
        return offer.lane.ready_at(needed, self.now)

    def _claim(self, offers: list[Offer]) -> None:
        """Let the soonest lane save up, unless it does already for something before."""
        if not offers:
            return
        soonest = min(offers, key=self._expected_at)
        if soonest.lane not in self._claims:
            self._claims[soonest.lane] = soonest
            first = soonest.part[0]
            first.claimed_at = self.now if first.claimed_at is None else first.claimed_at

    def _expected_at(self, offer: Offer) -> float:
        moment = offer.lane.ready_at(offer.cost, self.now)
        if moment is not None:
            return moment
        return float("inf") if offer.lane.is_open else self.now + SECONDS


def _lane_name(burst: Burst) -> str:
    """The lane that a burst is bound to; empty while it may take any."""
    sweep = burst[0].sweep
    return sweep.lane if sweep is not None and sweep.is_begun else ""


def _first_sweep(burst: Burst) -> Burst:
    sweep = burst[0].sweep
    return [ask for ask in burst if ask.sweep is sweep] if sweep is not None else burst[:1]
