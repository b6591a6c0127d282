"""How far a symbol's stream has come, and which records go on from there."""

from dataclasses import dataclass

import numpy as np

from p2p_scrapy.futures.stream.chain import Chain, Mask
from p2p_scrapy.futures.stream.events import Reason

RENUMBERED_MS = 60_000
"""A record that was there already is never later than the last one; this is far more than two
connections of a hand-over differ by, or the exchange's times within one."""


@dataclass(slots=True)
class Standing:
    """How far it has come.

    Attributes:
        last_id: aggregate trade or update id of the last record; None before the first.
        last_at: when it was received, µs.
        last_time: when it happened by the exchange's clock, ms.
        reason: why nothing is known since; None while the stream runs.
        since: when that began, µs.
    """

    last_id: int | None = None
    last_at: int | None = None
    last_time: int = 0
    reason: Reason | None = Reason.STARTED
    since: int = 0

    def begin_anew(self) -> None:
        """The next record has an id of another count."""
        self.last_id, self.reason = None, Reason.RENUMBERED

    def fresh(self, chain: Chain) -> Mask:
        """Which records have an id above all before them."""
        last = -1 if self.last_id is None else self.last_id
        highest = np.maximum.accumulate(np.concatenate(([last], chain.ids)))
        return np.asarray(chain.ids > highest[:-1])

    def renumbered_at(self, chain: Chain, is_fresh: Mask, healed: range) -> int:
        """The first record below the last one and yet later, which was not healed; or the end.

        One with the very id of the last is that one again, whatever its time.
        """
        at = np.maximum.accumulate(np.where(is_fresh, np.arange(len(chain)), -1))
        last_ids = np.where(at < 0, self.last_id or 0, chain.ids[at])
        last_times = np.where(at < 0, self.last_time, chain.times[at])
        is_below = (chain.ids >= 0) & (chain.ids < last_ids)
        is_healed = (chain.ids >= healed.start) & (chain.ids < healed.stop)
        is_anew = is_below & ~is_healed & (chain.times > last_times + RENUMBERED_MS)
        return int(is_anew.argmax()) if is_anew.any() else len(chain)
