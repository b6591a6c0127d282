"""What a trouble with the exchange leads to: the table of docs/troubles.md, as code."""

import logging
from collections.abc import Mapping

from p2p_scrapy.binance import answers
from p2p_scrapy.binance.answers import BlockedError, ExchangeError
from p2p_scrapy.binance.queries import Kind
from p2p_scrapy.budget.backoff import next_pause
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.census import changeover
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.dispatch import Ask
from p2p_scrapy.errors import P2PError

logger = logging.getLogger(__name__)

ALERT_AFTER: Mapping[str, int] = {
    answers.TimeoutAnswerError.kind: 3,
    answers.LinkError.kind: 3,
    answers.ServerError.kind: 3,
    answers.PageLostError.kind: 3,
    answers.BrokenJsonError.kind: 10,
    answers.BusinessError.kind: 10,
    answers.CountryRefusedError.kind: 1,
    answers.ProxyDownError.kind: 3,
    answers.ProxyRefusedError.kind: 1,
    answers.ApiChangedError.kind: 1,
    answers.UnreadableError.kind: 1,
}
"""Troubles of a kind in a batch before its alert; what blocks a lane is counted by the lane."""

_AGAINST_THE_LANE = (answers.LinkError, answers.BlockedError, answers.ServerError)
_LOSES_THE_LANE = (answers.CountryRefusedError, answers.ProxyRefusedError)
"""No later answer of that address will be another."""


class LaneLostError(P2PError):
    """The exchange does not answer this address any more."""


def meet(batch: Batch, ask: Ask, error: ExchangeError) -> bool:
    """Count a trouble, raise its alerts, and put the question back; False if it is given up."""
    batch.errors[error.kind] += 1
    batch.tell_outcome(ask, error.kind)
    if batch.errors[error.kind] == ALERT_AFTER.get(error.kind):
        batch.alerts.call(error.kind, f"{ask.query.subject}: {error}", error)
    if ask.lane is not None and not _is_of_discovery_alone(ask, error):
        _tell_the_lane(batch, ask, ask.lane, error)
    return _ask_again(batch, ask, error)


def _ask_again(batch: Batch, ask: Ask, error: ExchangeError) -> bool:
    again = None if batch.dispatcher.has_stopped else _pause(batch, ask, error)
    subject = ask.query.subject
    if again is None:
        logger.warning("%s: %s; given up", subject, error)
        return False
    when = f"in {again:.0f} s" if again else "as soon as a lane may"
    logger.warning("%s: %s; asked again %s", subject, error, when)
    batch.dispatcher.ask_again(ask, again)
    return True


def _pause(batch: Batch, ask: Ask, error: ExchangeError) -> float | None:
    """Seconds until a question is asked again; None where it is given up."""
    if isinstance(error, (BlockedError, *_LOSES_THE_LANE)):
        return 0.0  # it waits for its lane or takes another, and that is no try
    if _is_known_from_before(batch, ask):
        return None
    before = ask.failures.get(error.kind, 0)
    ask.failures[error.kind] = before + 1
    return next_pause(error, before, batch.config.retries)


def _is_of_discovery_alone(ask: Ask, error: ExchangeError) -> bool:
    """Whether only what the exchange trades cannot be asked: its books may well answer."""
    return ask.sweep is None and isinstance(error, answers.ServerError)


def _is_known_from_before(batch: Batch, ask: Ask) -> bool:
    """Whether the kept catalogue answers the question, so that no more budget is spent on it."""
    if ask.query.kind is Kind.FIAT_LIST:
        return bool(batch.catalogue.fiats)
    return ask.query.kind is Kind.PORTAL_CONFIG and ask.fiat in batch.catalogue.listings


def _tell_the_lane(batch: Batch, ask: Ask, lane: Lane, error: ExchangeError) -> None:
    if isinstance(error, _AGAINST_THE_LANE):
        _count_failure(batch, ask, lane, error)
    if lane.is_lost:
        _lose(batch, lane, LaneLostError(f"lane {lane.name} is lost, three probes failed: {error}"))
    elif isinstance(error, _LOSES_THE_LANE):
        _lose(batch, lane, error)


def _lose(batch: Batch, lane: Lane, error: P2PError) -> None:
    """Give a lane up; without any the batch ends."""
    batch.lanes.lose(lane, str(error))
    if not batch.lanes.usable:
        batch.fail(error)


def _count_failure(batch: Batch, ask: Ask, lane: Lane, error: ExchangeError) -> None:
    now, was_open = batch.clock.monotonic(), lane.is_open
    blocked = isinstance(error, BlockedError)
    retry_after = error.retry_after if isinstance(error, BlockedError) else None
    is_down = isinstance(error, answers.ProxyDownError)  # the exchange has not said a word
    lane.failed(now, ask.left_at, blocked=blocked, retry_after=retry_after, spares_budget=is_down)
    if isinstance(error, answers.ChallengedError):
        changeover.meet(batch, lane, ask.left_at, error)
    if lane.is_open and not was_open:
        if blocked and not is_down:
            batch.alerts.call("blocked", f"10 answers in a row were refused: {error}", error)
        batch.alerts.call(
            "circuit_open", f"lane {lane.name} failed 10 times in a row: {error}", error
        )
