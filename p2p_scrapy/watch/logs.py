"""The log file of a data folder: five files of ten megabytes, times in UTC."""

import logging
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scrapy.settings import BaseSettings

from p2p_scrapy.errors import DataFolderError

FILE_BYTES = 10 * 1024 * 1024
FILES_KEPT = 5

_FORMAT = "%(asctime)s UTC [%(name)s] %(levelname)s: %(message)s"


def quieten_scrapy(settings: BaseSettings) -> None:
    """Let Scrapy make no log records that nobody reads: two an ad are most of what it logs."""
    level = logging.getLevelNamesMapping().get(settings.get("LOG_LEVEL", ""), logging.INFO)
    logging.getLogger("scrapy").setLevel(min(level, logging.INFO))


class _PatientHandler(RotatingFileHandler):
    """Goes on where the disk is full: a line is lost then, the batch is not."""

    def flush(self) -> None:
        """Write what is buffered, if there is room for it."""
        with suppress(OSError):
            super().flush()

    def close(self) -> None:
        """Let go of the file, and of what there was no room for."""
        with suppress(OSError):
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Leave the line out; it went to standard error as well."""


class LogFile:
    """Everything from INFO upwards goes to ``logs/p2p.log``, or another name, while it is open.

    Raises:
        DataFolderError: the file cannot be opened.
    """

    def __init__(self, data_dir: Path, name: str = "p2p.log") -> None:
        path = data_dir / "logs" / name
        try:
            path.parent.mkdir(exist_ok=True)
            self._handler = _PatientHandler(
                path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT - 1, encoding="utf-8"
            )
        except OSError as error:
            raise DataFolderError(f"the log file {path} cannot be opened: {error}") from error
        formatter = logging.Formatter(_FORMAT, "%Y-%m-%d %H:%M:%S")
        formatter.converter = time.gmtime
        self._handler.setFormatter(formatter)
        self._handler.setLevel(logging.INFO)
        logging.getLogger().addHandler(self._handler)

    def close(self) -> None:
        """Let go of it."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
