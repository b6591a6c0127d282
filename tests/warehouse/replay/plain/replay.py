"""The warehouse's answers, worked out again in plain Python from the lake's files alone.

Nothing of the warehouse is used: Parquet files, the ledger and ``rejected/`` are read, sweep after
sweep is applied to books that are dictionaries, and everything that was ever in a book is kept.
"""

from tests.warehouse.replay.plain.offers import Offers
from tests.warehouse.replay.plain.prices import Prices


class Replay(Offers, Prices):
    """A lake's history, and all that may be asked of it."""
