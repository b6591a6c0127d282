"""Brings what a process has counted into the file, and to the pushgateway."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from p2p_scrapy.config import Config
from p2p_scrapy.in_time import in_time
from p2p_scrapy.watch.metrics import gateway
from p2p_scrapy.watch.metrics.gateway import GatewayError
from p2p_scrapy.watch.metrics.state import State
from p2p_scrapy.watch.metrics.state_file import StateFile
from p2p_scrapy.watch.metrics.tally import Tally

logger = logging.getLogger(__name__)

Change = Callable[[State, Tally], None]
"""Sets gauges in the state, and counts what is to be counted only if that state is written."""


class Publisher:
    """Holds the ``tally`` of a process; what could not be written is written the next time.

    Nothing that goes wrong here is more than a warning, once.
    """

    def __init__(self, config: Config) -> None:
        self.tally = Tally()
        self._file = StateFile(config.data_dir)
        self._gateway = config.pushgateway_url
        self._unwritten: list[Tally] = []
        self._turn = asyncio.Lock()
        self._text = ""
        self._warned: set[str] = set()

    async def publish(self, change: Change) -> bool:
        """Bring everything into the file; False if it could not be written."""
        async with self._turn:
            self._unwritten.append(self.tally)
            self.tally = Tally()  # here, where nothing counts meanwhile, and not in the thread
            return await asyncio.to_thread(self._write, change)

    async def push(self) -> None:
        """Send to the pushgateway what the file said last, where there is one."""
        if not (self._gateway and self._text):
            return
        send = partial(gateway.push, self._gateway, self._text)
        try:
            await in_time(send, gateway.SECONDS, "pushgateway")
        except GatewayError as error:
            self._warn("push", str(error))
        except TimeoutError:
            self._warn("push", f"the pushgateway does not answer for {gateway.SECONDS:.0f} s")

    def _write(self, change: Change) -> bool:
        def work(state: State) -> None:
            once = Tally()
            change(state, once)
            for tally in (*self._unwritten, once):
                state.add(tally.series())

        try:
            self._text = self._file.change(work)
        except OSError as error:
            self._warn("write", f"the metrics cannot be written, they wait: {error}")
            return False
        self._unwritten.clear()
        return True

    def _warn(self, what: str, sentence: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            logger.warning("Metrics: %s", sentence)


def publish_once(config: Config, change: Change) -> None:
    """Publish and push from a process that does nothing else any more."""

    async def publish() -> None:
        publisher = Publisher(config)
        await publisher.publish(change)
        await publisher.push()

    asyncio.run(publish())
