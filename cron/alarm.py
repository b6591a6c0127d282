"""What no batch can raise the alarm for: that none is started, or none completed."""

import logging
import subprocess
import sys
from datetime import datetime, timedelta

from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.config import Config

logger = logging.getLogger(__name__)

INTERVALS = 3
"""Without a completed batch, until the alarm."""


class NotifyingAlerts:
    """Alerts by ``scrapy notify``, which tells each once and sends what waits to be sent."""

    def call(self, kind: str, error: str) -> None:
        """Raise an alert, or let it stand."""
        _notify("--kind", kind, "--error", error)

    def recovered(self, kind: str) -> None:
        """End an alert, if it stands."""
        _notify("--recovered", kind)


def look_for_a_batch(
    config: Config, first_call: datetime, now: datetime, alerts: NotifyingAlerts
) -> None:
    """Raise the alarm where no batch was completed for three intervals; one that is, ends it.

    ``first_call`` is since when cron has been at work here, for a folder that never had a batch.
    """
    last = Checkpoint.load(config.data_dir).last_completed_snapshot
    if now - (last or first_call) <= INTERVALS * timedelta(seconds=config.interval_seconds):
        return
    since = f"the last one began at {last:%Y-%m-%d %H:%M:%S} UTC" if last else "there never was one"
    spell = f"{INTERVALS} intervals of {config.interval_seconds} s"
    alerts.call("no_completed_batch", f"no batch was completed for over {spell}: {since}")


def _notify(*arguments: str) -> None:
    command = [sys.executable, "-m", "scrapy", "notify", *arguments]
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603
        logger.error("scrapy notify %s has not reached everybody", " ".join(arguments))
