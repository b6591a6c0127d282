"""Waiting for a moment of the exchange's time."""

import asyncio

from p2p_scrapy.exchange.clock import Clock

_STEP_SECONDS = 0.001


async def reach(clock: Clock, moment: float) -> None:
    """Return when the clock, which may lapse, shows that moment (s since 1970) or later."""
    while clock.now() < moment:  # noqa: ASYNC110 - it is a clock's hand, nobody sets an event
        await asyncio.sleep(_STEP_SECONDS)
