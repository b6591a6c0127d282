"""Where the census is written: the data folder and the database."""

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from p2p_scrapy.census.folder import prove_writable
from p2p_scrapy.config import Config
from p2p_scrapy.errors import DataFolderError, WarehouseError
from p2p_scrapy.parsing import NO_DATABASE
from p2p_scrapy.watch.health.check import Check, Mark
from p2p_scrapy.watch.metrics.definitions import LOAD_OK, WAITING, Metric
from p2p_scrapy.watch.metrics.state import DamagedStateError
from p2p_scrapy.watch.metrics.state_file import StateFile


def folder(config: Config) -> Check:
    """Whether the data folder is there and can be written."""
    if not config.data_dir.is_dir():
        return Check("folder", Mark.BAD, f"there is no folder {config.data_dir}")
    try:
        prove_writable(config.data_dir)
    except DataFolderError as error:
        return Check("folder", Mark.BAD, str(error))
    free = shutil.disk_usage(config.data_dir).free
    said = f"{config.data_dir} can be written, {free / 1e9:.1f} GB are free"
    return Check("folder", Mark.GOOD, said, {"free_bytes": free})


def database(config: Config, timer: Callable[[], float] = time.monotonic) -> Check:
    """Whether the database answers, and what it lacks of the lake.

    An embedded server is not started to see that. What is lacking makes it no worse: a batch that
    is damaged is named by an alert, and one that waits is loaded with the next.
    """
    if config.database_url == NO_DATABASE:
        return Check("database", Mark.GOOD, f"switched off (DATABASE_URL is {NO_DATABASE})")
    check, waiting = _answers(config, timer), int(_last_known(config, WAITING) or 0)
    if not waiting:
        return check
    lacking = "1 closed batch is" if waiting == 1 else f"{waiting:,} closed batches are"
    said = f"{check.said}; {lacking} not in it (scrapy backfill loads what can be)"
    return replace(check, said=said, figures=check.figures | {"batches_waiting": waiting})


def _answers(config: Config, timer: Callable[[], float]) -> Check:
    dsn = config.database_url or _embedded(config)
    if not dsn:
        return _by_last_load(config)
    began = timer()
    try:
        _ask(dsn)
    except WarehouseError as error:
        return Check("database", Mark.BAD, str(error))
    milliseconds = round((timer() - began) * 1000, 1)
    said = f"answers in {milliseconds} ms"
    return Check("database", Mark.GOOD, said, {"milliseconds": milliseconds})


def _ask(dsn: str) -> None:
    # Whoever asks for no database should not carry what only a database needs.
    from p2p_scrapy.warehouse.connection import connected  # noqa: PLC0415

    with connected(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _embedded(config: Config) -> str:
    """The address of the server below the data folder, where it runs."""
    from p2p_scrapy.warehouse.embedded.place import NAME  # noqa: PLC0415 - as above
    from p2p_scrapy.warehouse.embedded.processes import (  # noqa: PLC0415
        is_server_of,
        recorded_pid,
        recorded_socket_folder,
    )
    from p2p_scrapy.warehouse.embedded.running import dsn_of  # noqa: PLC0415

    cluster = config.data_dir / NAME
    pid, socket_folder = recorded_pid(cluster), recorded_socket_folder(cluster)
    if pid is None or socket_folder is None or not is_server_of(cluster, pid):
        return ""
    return dsn_of(socket_folder)


def _by_last_load(config: Config) -> Check:
    """A server that runs while a batch is loaded is no worse for resting between two."""
    has_worked = _last_known(config, LOAD_OK)
    resting = "the embedded server does not run just now"
    if has_worked is None:
        return Check("database", Mark.GOOD, f"{resting}, and nothing was loaded yet")
    if has_worked:
        return Check("database", Mark.GOOD, f"{resting}; the last load worked")
    return Check("database", Mark.BAD, f"{resting}, and the last load failed; see logs/p2p.log")


def _last_known(config: Config, metric: Metric) -> float | None:
    with suppress(OSError, DamagedStateError):
        return StateFile(config.data_dir).read().get(metric)
    return None
