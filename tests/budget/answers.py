"""Answers that a lane has: good ones, refusals, and failures that say nothing of the rate."""


def blocked(lane, now, *, asked_at=None, retry_after=None):
    lane.failed(now, now if asked_at is None else asked_at, blocked=True, retry_after=retry_after)


def fail(lane, now, times=1):
    """Failures that do not block, each asked and answered at that moment."""
    for _ in range(times):
        lane.failed(now, now, blocked=False)


def serve(lane, now, count):
    """So many good answers, each asked and answered at that moment."""
    for _ in range(count):
        lane.pay(1)
        lane.window.settle(now)
        lane.succeeded(now)


def refuse(lane, now, count=1, *, asked_at=None, retry_after=None):
    for _ in range(count):
        lane.pay(1)
        lane.window.settle(now)
        blocked(lane, now, asked_at=asked_at, retry_after=retry_after)
