"""How many requests the lanes can really make until a window ends.

In W seconds a lane with the budget B pays for at most B * (floor(W / 60) + 1) requests: a whole
budget at once, and again whenever a minute has passed. The dispatcher comes close to that without
trying to: what was asked together comes back together, so at full speed a lane works in bursts of
a budget, a minute and a round trip apart. That is what is counted: each request that the lane can
pay for now, and once more for each such turn that begins in time to be finished.
"""

from collections.abc import Iterable
from itertools import islice

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.window import SECONDS

TURN = SECONDS + 1.0
"""Seconds after which a request's budget can be spent again: its answer takes a moment too."""
FINISH = 15.0
"""Seconds before the end after which no turn is counted on; a tenth of a short window."""


def requests_until(end: float, lanes: Iterable[Lane], now: float) -> int:
    """Requests that these lanes can make from now to ``end``; monotonic seconds."""
    last = end - min(FINISH, (end - now) / 10)
    return sum(_of(lane, now, last) for lane in lanes)


def _of(lane: Lane, now: float, last: float) -> int:
    window, start = lane.window, max(now, lane.paused_until)
    at_once = max(window.available(now), 0)
    out = min(window.out, window.budget)
    spent = max(window.budget - at_once - out, 0)
    total = at_once * _turns(start, last) + out * _turns(max(start, now + TURN), last)
    recent = islice(reversed(window.settled), spent)
    return total + sum(_turns(max(start, at + SECONDS), last) for at in recent)


def _turns(first: float, last: float) -> int:
    return int((last - first) // TURN) + 1 if first <= last else 0
