"""The embedded server, kept for as long as a daemon runs: analysts find it between batches too."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from p2p_scrapy.config import Config
from p2p_scrapy.errors import WarehouseError

logger = logging.getLogger(__name__)


@asynccontextmanager
async def standing(config: Config) -> AsyncIterator[None]:
    """Keep the server, where it is the one in use; the block does not wait for its start."""
    if config.database_url:
        yield
        return
    from p2p_scrapy.warehouse.embedded import EmbeddedServer  # noqa: PLC0415 - psycopg2 and all

    server = EmbeddedServer(config.data_dir)

    def start() -> None:
        try:
            logger.info("The warehouse stands at %s", server.start().url)
        except WarehouseError as error:
            logger.error("There is no warehouse: %s; batches wait in the lake", error)

    started = asyncio.create_task(asyncio.to_thread(start))
    try:
        yield
    finally:
        await started
        await asyncio.to_thread(server.stop)
