"""Keeps one line connected, for as long as the stream runs."""

import asyncio
import logging
from random import Random

import aiohttp

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.stream.backoff import Backoff
from p2p_scrapy.futures.stream.connection import Connection, Sockets
from p2p_scrapy.futures.stream.events import Reason
from p2p_scrapy.futures.stream.routes import Line

logger = logging.getLogger(__name__)

LIFETIME_SECONDS = 23 * 3600.0
"""The exchange ends a connection after 24 hours."""
OVERLAP_SECONDS = 5.0
"""How long both connections of a hand-over are read; far more than one lags behind the other."""
SILENCE_SECONDS = 60.0
"""Of a whole route, one of whose contracts at least is always traded."""

_TROUBLE = (aiohttp.ClientError, OSError, TimeoutError)


class Feed:
    """One line: reconnects after a loss, replaces what is silent, hands over before the end."""

    def __init__(self, line: Line, sockets: Sockets, clock: Clock, rng: Random) -> None:
        self._line = line
        self._sockets = sockets
        self._clock = clock
        self._backoff = Backoff(rng)
        self._open: list[Connection] = []

    async def run(self) -> None:
        """Stay connected until cancelled; then close what is open."""
        try:
            while True:
                current = self._open[0] if self._open else await self._connect()
                await self._replace(current, await self._outlive(current))
        finally:
            await self._stop()

    async def _connect(self) -> Connection:
        while True:
            try:
                return await self._try()
            except _TROUBLE as error:
                wait = self._backoff.next()
                told = str(error) or type(error).__name__
                logger.warning("%s cannot be connected: %s; again in %.1f s", self, told, wait)
                await self._sleep(wait)

    async def _try(self) -> Connection:
        connection = await self._sockets.open(self._line)
        self._open.append(connection)
        return connection

    async def _outlive(self, connection: Connection) -> Reason:
        """Wait for the end of a connection; why it should be replaced."""
        while not connection.over.is_set():
            now = self._clock.monotonic()
            silent = connection.heard_at + SILENCE_SECONDS - now
            due = connection.opened_at + LIFETIME_SECONDS - now
            if due <= 0 or connection.is_leaving:
                return Reason.HANDOVER
            if silent <= 0:
                return Reason.SILENCE
            await self._clock.wait(connection.changed, min(silent, due))
        return Reason.CUT

    async def _replace(self, connection: Connection, reason: Reason) -> None:
        if connection.heard.is_set():
            self._backoff.good()
        if reason is Reason.HANDOVER:
            await self._hand_over(connection)
            return
        await self._close(connection, reason)
        wait = self._backoff.next()
        logger.warning("%s: connection lost (%s); again in %.1f s", self, reason.value, wait)
        await self._sleep(wait)

    async def _hand_over(self, old: Connection) -> None:
        """Open the new one first; what both see is told apart by its ids."""
        try:
            new = await self._try()
        except _TROUBLE as error:
            logger.warning("%s cannot be handed over yet: %s", self, error)
            await self._clock.wait(old.over, self._backoff.next())
            if old.over.is_set():
                await self._close(old, Reason.CUT)
            return
        await self._clock.wait(old.over, OVERLAP_SECONDS)
        if new.over.is_set() and not old.over.is_set():
            await self._close(new, Reason.CUT)
            return
        await self._close(old, Reason.CUT if old.over.is_set() else Reason.HANDOVER)
        logger.info("%s handed over to a new connection", self)

    async def _stop(self) -> None:
        """In mid-hand-over the old connection's word is the last, unless it was cut."""
        if self._open and self._open[0].over.is_set():
            await self._close(self._open[0], Reason.CUT)
        for connection in reversed(list(self._open)):
            await self._close(connection, Reason.STOPPED)

    async def _close(self, connection: Connection, reason: Reason) -> None:
        self._open.remove(connection)
        await connection.close(reason)

    async def _sleep(self, seconds: float) -> None:
        await self._clock.wait(asyncio.Event(), seconds)

    def __str__(self) -> str:
        return f"Line {self._line.name} ({len(self._line.streams)} streams)"
