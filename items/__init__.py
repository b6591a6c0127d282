"""What the project knows about: markets, ads, sweeps, and their one schema."""

from items.ad import AD_COLUMNS, CONTRACT_COLUMNS, Ad, UnreadableAd, snapshot_id
from items.batch import (
    BatchRecord,
    Deferral,
    FileRecord,
    LaneBudget,
    Shortfall,
    Status,
    WindowRecord,
)
from items.market import VENUE, Market, Pair, Side
from items.refusal import Refusal
from items.schema import AD_SCHEMA, SCHEMA_VERSION, SWEEP_SCHEMA
from items.sweep import SWEEP_COLUMNS, Sweep, Verdict

__all__ = [
    "AD_COLUMNS",
    "AD_SCHEMA",
    "CONTRACT_COLUMNS",
    "SCHEMA_VERSION",
    "SWEEP_COLUMNS",
    "SWEEP_SCHEMA",
    "VENUE",
    "Ad",
    "BatchRecord",
    "Deferral",
    "FileRecord",
    "LaneBudget",
    "Market",
    "Pair",
    "Refusal",
    "Shortfall",
    "Side",
    "Status",
    "Sweep",
    "UnreadableAd",
    "Verdict",
    "WindowRecord",
    "snapshot_id",
]
