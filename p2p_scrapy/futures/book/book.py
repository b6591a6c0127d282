"""A symbol's book at one update, made of a snapshot and the changes since."""

from p2p_scrapy.futures.book.change import Change, Fit, fit, levels_of
from p2p_scrapy.futures.book.ladder import ASKS, BIDS, Ladder
from p2p_scrapy.futures.frames import Snapshot
from p2p_scrapy.futures.levels import SNAPSHOT_LEVELS


class Book:
    """Both sides after update ``last_id``; ``received_us`` is our clock for it."""

    def __init__(self, snapshot: Snapshot, received_us: int) -> None:
        self.symbol = snapshot.symbol
        self.last_id = snapshot.last_update_id
        self.transaction_ms = snapshot.transaction_ms
        self.received_us = received_us
        self.bids = Ladder(BIDS, levels_of(snapshot.bids), SNAPSHOT_LEVELS)
        self.asks = Ladder(ASKS, levels_of(snapshot.asks), SNAPSHOT_LEVELS)

    def fit(self, change: Change) -> Fit:
        """Whether the change continues the book."""
        return fit(change, self.last_id, self.transaction_ms)

    def apply(self, change: Change) -> Fit:
        """Take the change in if it continues the book; else nothing is changed."""
        verdict = self.fit(change)
        if verdict is Fit.NEXT:
            self.bids.change(change.bids)
            self.asks.change(change.asks)
            self.last_id = change.final_id
            self.transaction_ms = change.transaction_ms
            self.received_us = change.received_us
        return verdict

    def is_short_of(self, levels: int) -> bool:
        """Whether fewer levels than these are left within what is known of a side."""
        return any(side.edge is not None and len(side) < levels for side in (self.bids, self.asks))
