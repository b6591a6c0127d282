"""``/metrics`` and ``/health`` of the daemon, served by its own event loop."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from p2p_scrapy.clock import Clock
from p2p_scrapy.config import Config, setting_name
from p2p_scrapy.errors import UsageError
from p2p_scrapy.parsing import Endpoint
from p2p_scrapy.watch.health.looking import health
from p2p_scrapy.watch.metrics.moment import text_of_moment
from p2p_scrapy.watch.metrics.state import CONTENT_TYPE, DamagedStateError

logger = logging.getLogger(__name__)

LINGER_SECONDS = 1.0
"""Real seconds that answers in progress get when the daemon ends."""


class PortError(UsageError):
    """Nobody can listen where the setting says."""

    def __init__(self, endpoint: Endpoint, reason: str) -> None:
        name = setting_name("metrics_port")
        place = f"{endpoint.host}:{endpoint.port}"
        super().__init__(f"setting {name}: {place} cannot be listened at: {reason}; choose another")


class Pages:
    """What is served; looking takes a thread, so that the daemon's slots are never late for it."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._turn = asyncio.Lock()

    def application(self) -> web.Application:
        """Both pages."""
        app = web.Application()
        app.router.add_get("/metrics", self.metrics)
        app.router.add_get("/health", self.health)
        return app

    async def metrics(self, _: web.Request) -> web.Response:
        """The state file, with what is known of this moment."""
        now = self._clock.now()
        try:
            text = await asyncio.to_thread(text_of_moment, self._config, now)
        except (OSError, DamagedStateError) as error:
            said = f"the metrics cannot be read, the next batch begins them anew: {error}\n"
            return web.Response(status=503, text=said)
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})

    async def health(self, _: web.Request) -> web.Response:
        """As ``scrapy health --json``: 200 where its exit code is 0 or 3, else 503."""
        async with self._turn:  # a database that does not answer costs one thread, not many
            found = await asyncio.to_thread(health, self._config, self._clock.now())
        status = 503 if found.exit_code == 1 else 200
        return web.json_response(found.document(), status=status)


@asynccontextmanager
async def serving(config: Config, clock: Clock) -> AsyncIterator[None]:
    """Serve for the block, where a port is set.

    Raises:
        PortError: it is taken, or not ours.
    """
    if config.metrics_port is None:
        yield
        return
    app = Pages(config, clock).application()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LINGER_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, config.metrics_port)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, endpoint: Endpoint) -> None:
    try:
        await web.TCPSite(runner, endpoint.host, endpoint.port).start()
    except OSError as error:
        raise PortError(endpoint, error.strerror or str(error)) from error
    host, port = runner.addresses[0][:2]
    shown = f"[{host}]" if ":" in host else host
    logger.info("Metrics at http://%s:%d/metrics, health at /health", shown, port)
