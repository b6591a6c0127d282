"""The lanes of a run: the machine's own address, and one more for each proxy."""

import logging
from collections.abc import Iterator, Sequence
from typing import Self

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.config import Config
from p2p_scrapy.proxies import Proxy

logger = logging.getLogger(__name__)

DIRECT = "direct"
"""The lane that leads through no proxy of ours."""
DOUBTFUL = 3
"""Failures running; a lane with so many gets what is new, but is not left with what has begun."""
LONG_PAUSE = 30.0
"""Seconds; what has begun on a lane that pauses for longer is better begun anew on another."""


class Lanes:
    """All addresses of a run. ``lost`` tells why a lane is given up, by its name.

    Times are seconds of a monotonic clock.
    """

    def __init__(self, lanes: Sequence[Lane], proxies: Sequence[Proxy] = ()) -> None:
        self.lost: dict[str, str] = {}
        self._lanes = {lane.name: lane for lane in lanes}
        self._proxies = {proxy.name: proxy for proxy in proxies}

    @classmethod
    def of(cls, config: Config) -> Self:
        """The lanes that the settings give, each with a budget of its own."""
        names = [DIRECT, *(proxy.name for proxy in config.proxies)]
        least, most = config.requests_per_minute_min, config.requests_per_minute_max
        lanes = [Lane(name, config.requests_per_minute, least, most) for name in names]
        return cls(lanes, config.proxies)

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes.values())

    def __len__(self) -> int:
        return len(self._lanes)

    def named(self, name: str) -> Lane:
        """The lane of that name."""
        return self._lanes[name]

    def proxy(self, lane: Lane) -> Proxy | None:
        """The proxy that a lane leads through."""
        return self._proxies.get(lane.name)

    @property
    def usable(self) -> list[Lane]:
        """The lanes that are not lost; one that pauses is among them."""
        return [lane for lane in self if lane.name not in self.lost]

    def largest_budget(self, now: float) -> int:
        """Requests that a lane can have saved up, the best of those that answer."""
        lanes = self.healthy(now) or self.usable
        return max((lane.window.budget for lane in lanes), default=1)

    def healthy(self, now: float) -> list[Lane]:
        """The lanes that answer, as far as is known."""
        answering = (lane for lane in self.usable if not lane.is_paused(now))
        return [lane for lane in answering if lane.failures_running < DOUBTFUL]

    def is_stopped(self, lane: Lane, now: float) -> bool:
        """Whether nothing may leave by that lane."""
        return lane.name in self.lost or lane.is_paused(now)

    def out_of_service(self, now: float) -> set[str]:
        """Lanes that what has begun on them should not wait for: others are to be had."""
        out = set(self.lost) if self.usable else set()
        if self.healthy(now):
            out |= {each.name for each in self if _is_in_doubt(each, now)}
        return out

    def lose(self, lane: Lane, reason: str) -> bool:
        """Give a lane up for the rest of the run; False where it was before."""
        if lane.name in self.lost:
            return False
        self.lost[lane.name] = reason
        logger.error("Lane %s is lost (%d are left): %s", lane.name, len(self.usable), reason)
        return True


def _is_in_doubt(lane: Lane, now: float) -> bool:
    return lane.failures_running >= DOUBTFUL or lane.paused_until - now > LONG_PAUSE
