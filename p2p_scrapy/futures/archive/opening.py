"""A run of the history, from settings and arguments."""

import asyncio
from collections.abc import Mapping

from p2p_scrapy.census.folder import FolderLock, prove_writable
from p2p_scrapy.clock import SystemClock
from p2p_scrapy.config import Config
from p2p_scrapy.futures.archive.asked import Asked
from p2p_scrapy.futures.archive.history import History, downloads_folder
from p2p_scrapy.futures.archive.wire import Download, Wire
from p2p_scrapy.futures.config import FuturesConfig


def open_history(
    config: Config, futures: FuturesConfig, typed: Mapping[str, str], download: Download
) -> tuple[History, FolderLock]:
    """Check the arguments, and take the folder of downloads.

    Raises:
        P2PError: the run cannot start; the message says why and what to do.
    """
    clock = SystemClock(config.time_lapse.factor, config.time_lapse.origin)
    asked = Asked.of(typed, clock.now().date())
    prove_writable(config.data_dir)
    folder = downloads_folder(config.data_dir)
    folder.mkdir(exist_ok=True)
    lock = FolderLock(folder).acquire()
    wire = Wire(download, config.timeout_seconds, config.retries, clock, asyncio.Event())
    return History(asked, futures, config.data_dir, wire, clock), lock
