"""Batch after batch of a generated month, each as a closed batch of a lake."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np

from benchmarks.month.changes import change_ads
from benchmarks.month.looks import ledger_of, look
from benchmarks.month.people import change_advertisers
from benchmarks.month.seed import Seed
from benchmarks.month.snapshots import Snapshots
from benchmarks.month.world import World
from benchmarks.month.writing import write_batch

LAKE = "lake"
"""Where a batch lies until it is loaded, in the folder of a month."""


@dataclass(frozen=True)
class Calendar:
    """When the batches of a month begin; batch 0 is the seed itself, looked at again."""

    first: datetime
    per_day: int

    def start_of(self, index: int) -> datetime:
        """The start of a batch."""
        return self.first + index * timedelta(days=1) / self.per_day

    def last_of_day(self, moment: datetime) -> datetime:
        """The start of the last batch of the same day as ``moment``."""
        days = (moment - self.first) // timedelta(days=1)
        return self.start_of((days + 1) * self.per_day - 1)


class Batches:
    """Makes batches in order, from a state that was saved or from the seed.

    All that is random of a batch comes from ``random_seed`` and its index, so that a month that
    was stopped and resumed is the same to the byte.
    """

    def __init__(self, folder: Path, calendar: Calendar, seed: Seed, random_seed: int) -> None:
        self._lake = folder / LAKE
        self._calendar = calendar
        self._seed = seed
        self._random_seed = random_seed
        self._state = folder / "world.npz"
        self._world = World.read(self._state) if self._state.exists() else World.of_seed(seed)

    @property
    def index(self) -> int:
        """Of the batch that comes next."""
        return self._world.index

    def next(self, known: AbstractSet[datetime]) -> Path | None:
        """Write the next batch; its manifest, or None where it is known already."""
        started_at = self._calendar.start_of(self.index)
        path = None if started_at in known else self._write(started_at)
        self._advance()
        return path

    def save(self) -> None:
        """Keep the state: what comes next and all before it is in the lake or was."""
        self._world.save(self._state)

    def _random(self, of: int) -> np.random.Generator:
        return np.random.default_rng((self._random_seed, self.index, of))

    def _advance(self) -> None:
        self._world.index += 1
        rng = self._random(0)
        now = _microseconds(self._calendar.start_of(self.index))
        new = change_ads(self._world, self._seed, rng, now)
        change_advertisers(self._world, rng, new)

    def _write(self, started_at: datetime) -> Path:
        rng = self._random(1)
        batch_id = str(UUID(bytes=rng.bytes(16), version=4))
        seen = look(self._world, self._seed, rng, _microseconds(started_at))
        active = rng.exponential(300, len(self._world.advertisers.face)).astype(np.int64)
        books = Snapshots(self._world, self._seed, seen, started_at, batch_id, active)
        return write_batch(self._lake, books, ledger_of(seen, self._seed, batch_id))


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000
