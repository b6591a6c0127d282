"""``scrapy collect``: a batch every interval, each a process of its own.

A batch in its own process cannot leave memory, sockets or a broken state to the next one.
"""

import asyncio
import logging
import random
import signal
from collections.abc import Sequence

from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.census.schedule import Schedule
from p2p_scrapy.clock import Clock
from p2p_scrapy.config import Config
from p2p_scrapy.errors import UsageError

logger = logging.getLogger(__name__)

END_SECONDS = 55.0
"""Real seconds that a batch gets to close after a signal, before it is killed and recovered."""

OUTCOMES = {0: "completed", 1: "failed", 3: "partial", 4: "was not started: another one runs"}


class Daemon:
    """Starts ``command`` at every slot of the schedule until a signal comes."""

    def __init__(
        self, config: Config, command: Sequence[str], clock: Clock, rng: random.Random
    ) -> None:
        self._command = command
        self._clock = clock
        self._stopping = asyncio.Event()
        last = Checkpoint.load(config.data_dir).last_completed_snapshot
        self._schedule = Schedule(config.interval_seconds, clock.now(), last, rng)

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM, and return when the open batch is closed.

        Raises:
            UsageError: a batch refuses its settings, as every later one would.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop, number)
        while await self._wait_for_slot():
            if self._schedule.is_too_late(self._clock.now()):
                logger.warning("The slot of %s is skipped: it is long past", self._schedule.start)
            else:
                await self._run_batch()
            skipped = self._schedule.advance(self._clock.now())
            if skipped:
                logger.warning("%d slots are skipped: the last batch was still running", skipped)

    def _stop(self, number: int) -> None:
        logger.info(
            "%s: the open batch is closed, then collecting ends", signal.Signals(number).name
        )
        self._stopping.set()

    async def _wait_for_slot(self) -> bool:
        seconds = (self._schedule.start - self._clock.now()).total_seconds()
        if seconds > 0:
            logger.info("The next batch starts at %s", f"{self._schedule.start:%H:%M:%S} UTC")
            await self._clock.wait(self._stopping, seconds)
        return not self._stopping.is_set()

    async def _run_batch(self) -> None:
        # A session of its own, so that the terminal's Ctrl-C reaches it once, through us.
        child = await asyncio.create_subprocess_exec(*self._command, start_new_session=True)
        ended = asyncio.create_task(child.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ended.done():
            await self._end(child, ended)
        _judge(await ended)

    async def _end(self, child: asyncio.subprocess.Process, ended: "asyncio.Task[int]") -> None:
        child.send_signal(signal.SIGTERM)
        await asyncio.wait({ended}, timeout=END_SECONDS)
        if not ended.done():
            logger.error("The batch does not end and is killed; the next start recovers it")
            child.kill()


def _judge(exit_code: int) -> None:
    if exit_code == UsageError.exit_code:
        raise UsageError("the batch refuses its settings, see above; collecting ends")
    outcome = OUTCOMES.get(exit_code, f"ended with exit code {exit_code}")
    logger.log(logging.INFO if exit_code == 0 else logging.WARNING, "The batch %s", outcome)
