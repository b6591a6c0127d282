"""Asks the exchange for the snapshots that local books begin with."""

import asyncio
import logging

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.levels import SNAPSHOT_LEVELS
from p2p_scrapy.futures.rest import RestClient, RestError
from p2p_scrapy.futures.stream.moments import micros

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Requests on the wire; the weight they cost is the client's business."""
PAUSE_SECONDS = 5.0
"""After an answer that was no snapshot, before the symbol may be asked for again."""

Answer = tuple[str, bytes | None, int]
"""A symbol, the body or None, and when it came, µs."""


class Snapshots:
    """Snapshots under way, and those that have come."""

    def __init__(self, client: RestClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._asking: set[asyncio.Task[None]] = set()
        self._answers: list[Answer] = []

    @property
    def has_room(self) -> bool:
        """Whether another one may be asked for."""
        return len(self._asking) < AT_ONCE

    def ask(self, symbol: str) -> None:
        """Ask for one."""
        task = asyncio.create_task(self._ask(symbol))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def take(self) -> list[Answer]:
        """What has come since."""
        answers, self._answers = self._answers, []
        return answers

    async def close(self) -> None:
        """Ask nothing more."""
        for task in list(self._asking):
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def _ask(self, symbol: str) -> None:
        body = None
        try:
            body = await self._client.depth(symbol, SNAPSHOT_LEVELS)
        except RestError as error:
            logger.warning("No snapshot of %s: %s", symbol, error)
            await self._clock.wait(asyncio.Event(), PAUSE_SECONDS)
        self._answers.append((symbol, body, micros(self._clock.now())))
