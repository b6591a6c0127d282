"""The change from the API to the browser, of a lane that meets challenges (P2P_TRANSPORT)."""

import logging

from p2p_scrapy.binance.answers import ChallengedError
from p2p_scrapy.browser import chromium
from p2p_scrapy.browser.chromium import BrowserError
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.parsing import Transport

logger = logging.getLogger(__name__)


def meet(batch: Batch, lane: Lane, asked_at: float, error: ChallengedError) -> None:
    """Take note of a challenge, and change over where it is time to.

    The pause that the challenge has brought ends with it: it was the API's.
    """
    now = batch.clock.monotonic()
    if not batch.road.challenged(lane.name, asked_at, now):
        return
    try:
        chromium.path()
    except BrowserError as absent:
        do_without(batch, absent)
        return
    batch.road.change_over(lane.name)
    lane.pause_until(now)
    logger.warning("Lane %s goes on by the browser", lane.name)
    told = f"lane {lane.name} is challenged again and again, and goes on by the browser: {error}"
    batch.alerts.call("browser_road", told, error)


def do_without(batch: Batch, error: BrowserError) -> None:
    """Go on by the API where Chromium cannot be used; where it is all there is, end the batch."""
    if batch.config.transport is Transport.BROWSER:
        batch.fail(error)
        return
    batch.road.stay()
    told = f"the API answers with challenges, and no browser is there to go on: {error}"
    batch.alerts.call("no_browser", told, error)
