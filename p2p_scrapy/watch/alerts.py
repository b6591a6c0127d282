"""Alerts: at least a file each, one a kind and batch, and a log line."""

import logging
import traceback
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from p2p_scrapy.lake.atomic import write_bytes

logger = logging.getLogger(__name__)


class Alerts:
    """Writes ``alerts/YYYYMMDD_HHMMSS_KIND.alert``; the time is the batch's start.

    A file holds JSON: timestamp (when it happened), error, consecutive_failures (failed batches
    before this one), traceback (null where no exception is behind it).
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime],
        batch_started_at: datetime,
        consecutive_failures: int,
    ) -> None:
        self.raised: list[str] = []
        self.on_raised: list[Callable[[str, str], None]] = []
        self._added: defaultdict[str, list[str]] = defaultdict(list)
        self._folder = folder
        self._stamp = f"{batch_started_at:%Y%m%d_%H%M%S}"
        self._consecutive_failures = consecutive_failures
        self._now = now

    def call(self, kind: str, error: str, cause: BaseException | None = None) -> None:
        """Raise the alarm, unless this kind was raised in this batch before."""
        if kind not in self.raised:
            self._raise(kind, error, error, cause)

    def add(self, kind: str, news: str) -> None:
        """Raise the alarm, or add to it; its file says all that the batch has added."""
        self._added[kind].append(news)
        self._raise(kind, news, "; ".join(self._added[kind]))

    def failures_are(self, count: int) -> None:
        """Tell how many batches have failed running, this one included."""
        self._consecutive_failures = count

    def _raise(self, kind: str, news: str, error: str, cause: BaseException | None = None) -> None:
        if kind not in self.raised:
            self.raised.append(kind)
        logger.error("ALERT %s: %s", kind, news)
        self._write(kind, error, cause)
        for tell in self.on_raised:
            tell(kind, news)

    def _write(self, kind: str, error: str, cause: BaseException | None) -> None:
        content = {
            "timestamp": self._now(),
            "error": error,
            "consecutive_failures": self._consecutive_failures,
            "traceback": "".join(traceback.format_exception(cause)) if cause else None,
        }
        try:
            write_bytes(
                self._folder / f"{self._stamp}_{kind}.alert",
                msgspec.json.format(msgspec.json.encode(content), indent=2),
            )
        except OSError as trouble:
            logger.error("The alert file could not be written: %s", trouble)
