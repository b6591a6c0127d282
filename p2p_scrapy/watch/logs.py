"""The log file of a data folder: five files of ten megabytes, times in UTC."""

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scrapy.settings import BaseSettings

FILE_BYTES = 10 * 1024 * 1024
FILES_KEPT = 5

_FORMAT = "%(asctime)s UTC [%(name)s] %(levelname)s: %(message)s"


def quieten_scrapy(settings: BaseSettings) -> None:
    """Let Scrapy make no log records that nobody reads: two an ad are most of what it logs."""
    level = logging.getLevelNamesMapping().get(settings.get("LOG_LEVEL", ""), logging.INFO)
    logging.getLogger("scrapy").setLevel(min(level, logging.INFO))


class LogFile:
    """Everything from INFO upwards goes to ``logs/p2p.log`` while it is open.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, data_dir: Path) -> None:
        folder = data_dir / "logs"
        folder.mkdir(exist_ok=True)
        self._handler = RotatingFileHandler(
            folder / "p2p.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT - 1, encoding="utf-8"
        )
        formatter = logging.Formatter(_FORMAT, "%Y-%m-%d %H:%M:%S")
        formatter.converter = time.gmtime
        self._handler.setFormatter(formatter)
        self._handler.setLevel(logging.INFO)
        logging.getLogger().addHandler(self._handler)

    def close(self) -> None:
        """Let go of it."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
