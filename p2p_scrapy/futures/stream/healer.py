"""Asks the exchange for trades that the stream has missed."""

import asyncio
import logging

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.frames import UnreadableAnswerError, decode_trades_answer
from p2p_scrapy.futures.rest import TOO_OLD, RefusedError, RestClient, RestError
from p2p_scrapy.futures.stream.events import GivenUp, Healed
from p2p_scrapy.futures.stream.inbox import Inbox
from p2p_scrapy.futures.stream.moments import micros

logger = logging.getLogger(__name__)

TRIES = 3
PAUSE_SECONDS = 30.0
KEPT_MS = 48 * 3_600_000
MARGIN_MS = 60_000
"""By so much less is asked for, since what is oldest goes while we ask, and clocks differ."""
Wanted = tuple[str, int, int]
"""A symbol, the first missing trade, and the last."""


class Healer:
    """One gap at a time; what comes of it goes the way of everything else, through the inbox.

    The exchange tells the trades of the last 48 hours; what of a gap is older stays one.
    """

    def __init__(self, client: RestClient, inbox: Inbox, clock: Clock) -> None:
        self._client = client
        self._inbox = inbox
        self._clock = clock
        self._asking: asyncio.Task[None] | None = None
        self._asked: Wanted | None = None

    def want(self, wanted: Wanted | None) -> None:
        """Ask for this, unless something is being asked or this was just answered."""
        is_busy = self._asking is not None and not self._asking.done()
        if wanted is not None and wanted != self._asked and not is_busy:
            self._asked = wanted
            self._asking = asyncio.create_task(self._ask(*wanted))

    async def close(self) -> None:
        """Ask nothing more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask(self, symbol: str, from_id: int, to_id: int) -> None:
        told = f"trades {from_id} to {to_id} of {symbol}"
        for left in reversed(range(TRIES)):
            try:
                self._inbox.event(await self._answer(symbol, from_id))
            except RefusedError as error:
                logger.warning("Missing %s cannot be had: %s", told, error)
                break
            except RestError as error:
                logger.warning("Missing %s: %s; %d more tries", told, error, left)
                await self._clock.wait(asyncio.Event(), PAUSE_SECONDS if left else 0)
            else:
                return
        self._inbox.event(GivenUp(symbol, from_id))

    async def _answer(self, symbol: str, from_id: int) -> Healed | GivenUp:
        try:
            body = await self._client.trades(symbol, from_id)
        except RefusedError as error:
            first = await self._first_kept(symbol) if error.code == TOO_OLD else None
            if first is None or first <= from_id:
                raise
            told = "Missing trades of %s from %d on are too old; the first to be had is %d"
            logger.warning(told, symbol, from_id, first)
            return GivenUp(symbol, from_id, until=first)
        return Healed(symbol, body, micros(self._clock.now()))

    async def _first_kept(self, symbol: str) -> int | None:
        """The first trade that the exchange still tells; None where there is none."""
        since = micros(self._clock.now()) // 1000 - KEPT_MS + MARGIN_MS
        try:
            trades = decode_trades_answer(await self._client.first_trade(symbol, since), symbol, 0)
        except UnreadableAnswerError:
            return None
        return trades.column("agg_trade_id")[0].as_py() if trades.num_rows else None
