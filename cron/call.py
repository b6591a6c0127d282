"""One call of cron, from its slot to its line in the log."""

import logging

from cron.alarm import NotifyingAlerts, look_for_a_batch
from cron.batches import Batches
from cron.slot import Slot
from cron.turn import CallRunningError, first_call, turn
from p2p_scrapy.clock import Clock
from p2p_scrapy.config import Config
from p2p_scrapy.scrapyd_api import ScrapydError

logger = logging.getLogger(__name__)


def call(config: Config, batches: Batches, clock: Clock, alerts: NotifyingAlerts) -> int:
    """Start the slot's batch where that is due, and raise the alarm; the exit code."""
    now = clock.now()
    slot = Slot.of(now, config.interval_seconds)
    look_for_a_batch(config, first_call(config.data_dir, now), now, alerts)
    if slot.is_too_late(now):
        late = (now - slot.start).total_seconds()
        logger.warning("Slot %s: nothing started, it is %.0f s past", slot, late)
        return 0
    try:
        with turn(config.data_dir):
            code = batches.start(slot, now)
    except CallRunningError as busy:
        logger.info("Slot %s: %s", slot, busy)
        return 0
    except ScrapydError as error:
        logger.error("Slot %s: nothing started: %s", slot, error)
        alerts.call("scrapyd_away", str(error))
        return error.exit_code
    alerts.recovered("scrapyd_away")
    return code
