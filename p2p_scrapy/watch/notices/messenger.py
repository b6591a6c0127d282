"""Enters and sends in a thread, so that neither a disk nor an address holds the crawl up."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

from p2p_scrapy.watch.notices.delivery import ADDRESS_SECONDS, Delivery
from p2p_scrapy.watch.notices.standing import StandingAlerts

logger = logging.getLogger(__name__)

CLOSING_SECONDS = 2 * ADDRESS_SECONDS
"""An address may fail in the round that is on its way, another in the last one."""

Change = Callable[[StandingAlerts], object]


class Messenger:
    """Takes changes in their order, and after them sends what they have made."""

    def __init__(self, standing: StandingAlerts, delivery: Delivery) -> None:
        self._standing = standing
        self._delivery = delivery
        self._changes: SimpleQueue[Change | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def enter(self, change: Change) -> None:
        """Have something entered and told, soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
            self._thread.start()
        self._changes.put(change)

    def close(self) -> None:
        """Wait until everything is sent, or has failed to be; what has not been, waits on disk."""
        if self._thread is not None:
            self._changes.put(None)
            self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        is_open = True
        while is_open:
            is_open = self._take(self._changes.get())
            while is_open and not self._changes.empty():
                is_open = self._take(self._changes.get())
            self._try(self._delivery.send_what_waits)

    def _take(self, change: Change | None) -> bool:
        if change is not None:
            self._try(lambda: change(self._standing))
        return change is not None

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            logger.exception("A fault in telling of alerts; the crawl goes on")
