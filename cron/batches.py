"""Who takes the batches: scrapyd, or this very call.

Either says in a sentence what it did, and starts nothing where a batch still runs or where the slot
has had its own.
"""

import logging
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cron.slot import SPIDER, Slot
from p2p_scrapy.census.daemon import OUTCOMES
from p2p_scrapy.config import setting_name
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.scrapyd_api import Scrapyd

logger = logging.getLogger(__name__)

WINDOW = setting_name("window_seconds")


class Batches(Protocol):
    """Starts the batch of a slot."""

    def start(self, slot: Slot, now: datetime) -> int:
        """Start it unless one runs or the slot has had its own; log which, give an exit code."""


class ScrapydBatches:
    """A job of scrapyd for each slot, named by it."""

    def __init__(self, scrapyd: Scrapyd, window_seconds: float) -> None:
        self._scrapyd = scrapyd
        self._settings = {WINDOW: f"{window_seconds:g}"}

    def start(self, slot: Slot, now: datetime) -> int:  # noqa: ARG002
        """Schedule the slot's job, unless a job is pending or running or the slot's is finished.

        Raises:
            ScrapydError: scrapyd does not answer, or refuses.
        """
        if hindrance := self._hindrance(slot):
            logger.info("Slot %s: nothing started, %s", slot, hindrance)
        else:
            self._scrapyd.schedule(SPIDER, slot.job, self._settings)
            logger.info("Slot %s: scheduled %s", slot, slot.job)
        return 0

    def _hindrance(self, slot: Slot) -> str | None:
        jobs = self._scrapyd.jobs()
        for state in ("pending", "running"):
            for job in jobs[state]:
                if job["spider"] == SPIDER:
                    return f"{job['id']} is {state}"
        had_one = slot.job in [job["id"] for job in jobs["finished"]]
        return f"{slot.job} is finished" if had_one else None


class PlainBatches:
    """``scrapy crawl`` as a child of this call, for as long as it takes."""

    def __init__(self, data_dir: Path, window_seconds: float) -> None:
        self._data_dir = data_dir
        self._command = [sys.executable, "-m", "scrapy", "crawl", SPIDER, "-L", "ERROR"]
        self._command += ["-s", f"{WINDOW}={window_seconds:g}"]

    def start(self, slot: Slot, now: datetime) -> int:
        """Take the slot's batch, unless the lake has one; the exit code is the batch's."""
        if batch := self._of_slot(slot, now):
            logger.info("Slot %s: nothing started, it has %s", slot, batch)
            return 0
        code = subprocess.run(self._command, check=False).returncode  # noqa: S603
        outcome = OUTCOMES.get(code, f"ended with exit code {code}")
        logger.log(logging.INFO if code == 0 else logging.WARNING, "Slot %s: %s", slot, outcome)
        return code

    def _of_slot(self, slot: Slot, now: datetime) -> str | None:
        """The manifest of a batch that began in the slot; it may have, after midnight."""
        first = BatchPaths(self._data_dir, slot.start).manifest
        days = {first.parent, BatchPaths(self._data_dir, now).manifest.parent}
        found = [path.name for day in days for path in day.glob("batch_*.json")]
        return max((name for name in found if name >= first.name), default=None)
