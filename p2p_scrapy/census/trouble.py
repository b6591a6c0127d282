"""What a trouble with the exchange leads to: the table of docs/troubles.md, as code."""

import logging
from collections.abc import Mapping

from p2p_scrapy.binance import answers
from p2p_scrapy.binance.answers import BlockedError, CountryRefusedError, ExchangeError
from p2p_scrapy.budget.backoff import next_pause
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.dispatch import Ask
from p2p_scrapy.errors import P2PError

logger = logging.getLogger(__name__)

ALERT_AFTER: Mapping[str, int] = {
    answers.TimeoutAnswerError.kind: 3,
    answers.LinkError.kind: 3,
    answers.ServerError.kind: 3,
    answers.BrokenJsonError.kind: 10,
    answers.BusinessError.kind: 10,
    answers.CountryRefusedError.kind: 1,
    answers.ApiChangedError.kind: 1,
}
"""Troubles of a kind in a batch before its alert; what blocks a lane is counted by the lane."""

_AGAINST_THE_LANE = (answers.LinkError, answers.BlockedError, answers.ServerError)


class LaneLostError(P2PError):
    """The exchange does not answer this address any more."""


def meet(batch: Batch, ask: Ask, error: ExchangeError) -> bool:
    """Count a trouble, raise its alerts, and put the question back; False if it is given up."""
    batch.errors[error.kind] += 1
    logger.warning("%s: %s", ask.query.subject, error)
    if batch.errors[error.kind] == ALERT_AFTER.get(error.kind):
        batch.alerts.call(error.kind, f"{ask.query.subject}: {error}", error)
    if isinstance(error, _AGAINST_THE_LANE):
        _tell_the_lane(batch, ask, error)
    if isinstance(error, CountryRefusedError):
        batch.fail(error)
    return _ask_again(batch, ask, error)


def _ask_again(batch: Batch, ask: Ask, error: ExchangeError) -> bool:
    if batch.dispatcher.has_stopped:
        return False
    if isinstance(error, BlockedError):
        batch.dispatcher.ask_again(ask, 0.0)  # it waits for the lane, and is no try
        return True
    pause = next_pause(error, ask.attempt, batch.config.retries)
    if pause is None:
        return False
    ask.attempt += 1
    batch.dispatcher.ask_again(ask, pause)
    logger.info("%s is asked again in %.0f s", ask.query.subject, pause)
    return True


def _tell_the_lane(batch: Batch, ask: Ask, error: ExchangeError) -> None:
    lane, now = batch.lane, batch.clock.monotonic()
    was_open = lane.is_open
    blocked = isinstance(error, BlockedError)
    retry_after = error.retry_after if isinstance(error, BlockedError) else None
    lane.failed(now, ask.left_at, blocked=blocked, retry_after=retry_after)
    if lane.is_open and not was_open:
        if blocked:
            batch.alerts.call("blocked", f"10 answers in a row were refused: {error}", error)
        batch.alerts.call(
            "circuit_open", f"lane {lane.name} failed 10 times in a row: {error}", error
        )
    if lane.is_lost:
        batch.fail(LaneLostError(f"lane {lane.name} is lost, three probes failed: {error}"))
