"""A batch: all sweeps of one run, as its manifest keeps it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from items.market import VENUE
from items.schema import SCHEMA_VERSION

MANIFEST_VERSION = 1


class Status(StrEnum):
    """What a batch came to; ``completed`` is the only success."""

    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(slots=True)
class FileRecord:
    """A file of a batch: its path below the data folder, and what proves it whole."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(slots=True)
class Shortfall:
    """A market that was not read whole, and why."""

    market: str
    verdict: str
    error: str | None


@dataclass(slots=True)
class Deferral:
    """Markets that a batch put off, for one reason.

    ``cold`` ones have their turn in a later batch of the rotation, ``no_room`` says that they were
    wanted and the window did not hold them. ``markets`` is by currency, such as ``USDT SELL,
    BTC BUY``: a line each for a person, and still easily split.
    """

    reason: str
    count: int
    markets: dict[str, str]


@dataclass(slots=True)
class WindowRecord:
    """The window of a batch: its ``seconds``, the requests it ``holds``, what all markets need.

    ``rotation`` is in how many batches every market is to be read once.
    """

    seconds: float
    holds: int
    needs: int
    rotation: int


@dataclass(slots=True)
class LaneBudget:
    """Requests a minute that a lane might ask: at the batch's start, at the lowest, at its end.

    ``pauses`` is how often the exchange made it wait, ``answers`` how many good ones came by it;
    ``lost`` says why it was given up, if it was.
    """

    start: int
    lowest: int
    end: int
    pauses: int
    answers: int
    lost: str | None = None


@dataclass(slots=True, kw_only=True)
class BatchRecord:
    """The manifest: what was planned, what came of it, and the files that hold it.

    ``completeness`` is the share of the ads that the planned markets report which was read,
    ``coverage`` the share of all known ads whose market was read within the last interval; both
    from 0 to 1, None where nothing is known. ``window`` is None where the batch had no end.
    ``unread`` are planned markets that were never asked, ``deferred`` markets that were not
    planned, ``unknown_fiats`` those whose markets the exchange did not tell, ``slow`` markets took
    over 60 s beside waits for the budget; ``old_ads`` were placed over 7 days before,
    ``negative_spreads`` are pairs whose best bid is above their best ask. ``budget`` is by lane.
    Times are UTC.
    """

    batch_id: str
    started_at: datetime
    ended_at: datetime
    status: Status
    interval_seconds: int
    sample: bool
    scope: dict[str, Any]
    catalogue: str
    window: WindowRecord | None = None
    planned: int
    complete: int
    partial: int
    failed: int
    unread: list[str]
    deferred: list[Deferral] = field(default_factory=list)
    unknown_fiats: list[str]
    shortfalls: list[Shortfall]
    slow: list[str]
    ads: dict[str, int]
    old_ads: int
    negative_spreads: int
    completeness: float | None
    coverage: float | None
    refused: dict[str, int]
    changes: dict[str, int]
    requests: dict[str, int]
    budget: dict[str, LaneBudget] = field(default_factory=dict)
    errors: dict[str, int]
    alerts: list[str]
    stopped: str | None
    files: list[FileRecord] = field(default_factory=list)
    venue: str = VENUE
    schema_version: str = SCHEMA_VERSION
    manifest_version: int = MANIFEST_VERSION
