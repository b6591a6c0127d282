"""The server's process: whether it answers, how it is started and stopped.

Every process of a server inherits the cluster's lock ``server``. So this lock is free exactly when
none of them lives any more, those that have lost their postmaster included.
"""

import logging
import os
import signal
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn

from p2p_scrapy.warehouse.embedded.binaries import Binaries
from p2p_scrapy.warehouse.embedded.cluster import (
    DATABASE,
    ROLE,
    check_version,
    make_cluster,
    write_settings,
)
from p2p_scrapy.warehouse.embedded.errors import PlaceError, ServerError
from p2p_scrapy.warehouse.embedded.locks import POLL_SECONDS, Lock
from p2p_scrapy.warehouse.embedded.place import SOCKET, Place
from p2p_scrapy.warehouse.embedded.processes import (
    is_server_of,
    recorded_pid,
    recorded_socket_folder,
    servers_of,
)
from p2p_scrapy.warehouse.embedded.words import START_LOG, WAITING, last_words

logger = logging.getLogger(__name__)

PORT = 5432
CONNECT_SECONDS = 5
START_SECONDS = 600.0
"""How long a start may take: after a crash, PostgreSQL first replays up to 2 GB of its log."""
STOPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 20.0))
"""A fast shutdown, which ends every session, then an immediate one; seconds given to each."""
DETACHED = '"$@" > "$0" 2>&1 &'
"""A shell's line that leaves a server to itself; paths are its arguments and never its code."""
FULL = ("too many clients", "connection slots are reserved")


def dsn_of(socket_folder: Path) -> str:
    """The libpq conninfo of a server with its socket in this folder."""
    return make_dsn(host=str(socket_folder), port=PORT, user=ROLE, dbname=DATABASE)


def ensure_running(place: Place, binaries: Binaries) -> Path:
    """Find the server that answers, else start one. The caller holds the lock ``start``.

    Returns:
        The folder with its socket.

    Raises:
        EmbeddedServerError: there is none that answers, and none can be started.
    """
    with closing(place.lock("server")) as lock:
        folder = _settle(place, lock)
        if folder is None:
            _launch(place, binaries, lock)
    if folder is None:
        with closing(place.lock("server")) as lock:
            folder = _settle(place, lock)
    if folder is None:
        message = f"the PostgreSQL server of {place.cluster} has ended at its start"
        raise ServerError(f"{message}: {last_words(place.cluster)}")
    return folder


def stop(place: Place) -> None:
    """Stop the server, if one runs, and wait for its end. The caller holds the lock ``start``."""
    pid, folder = recorded_pid(place.cluster), recorded_socket_folder(place.cluster)
    with closing(place.lock("server")) as lock:
        for number, seconds in STOPS:
            if pid is not None and is_server_of(place.cluster, pid):
                os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if _is_free(place, lock):
                    _forget_socket(place, folder)
                    return
                time.sleep(POLL_SECONDS)
    logger.warning("The PostgreSQL server of %s does not stop (process %s)", place.cluster, pid)


def _forget_socket(place: Place, folder: Path | None) -> None:
    if folder is not None and folder != place.cluster:
        with suppress(OSError):
            folder.rmdir()


def _settle(place: Place, lock: Lock) -> Path | None:
    """Wait until a server answers or none lives; the lock is ours in the second case."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if folder := _answering(place):
            return folder
        if _is_free(place, lock):
            return None
        _check_socket_is_here(place)
        time.sleep(POLL_SECONDS)
    message = f"a PostgreSQL server works in {place.cluster} and does not answer"
    raise ServerError(f"{message}; wait for it, or end it: {last_words(place.cluster)}")


def _is_free(place: Place, lock: Lock) -> bool:
    """Whether no server lives here; one started by hand has no lock of ours, but is a process."""
    has_pid = recorded_pid(place.cluster) is not None
    return lock.try_alone() and not (has_pid and any(servers_of(place.cluster)))


def _check_socket_is_here(place: Place) -> None:
    folder = recorded_socket_folder(place.cluster)
    if folder is not None and not folder.is_dir():
        message = f"the PostgreSQL server of {place.cluster} has its socket in {folder}"
        raise PlaceError(f"{message}, which is not here; let both see the same temporary folder")


def _answering(place: Place) -> Path | None:
    folder = recorded_socket_folder(place.cluster)
    if folder is None or not folder.is_dir():
        return None
    place.check_socket_folder(folder)
    try:
        psycopg2.connect(dsn_of(folder), connect_timeout=CONNECT_SECONDS).close()
    except psycopg2.OperationalError as error:
        said = str(error)
        if "FATAL:" not in said or WAITING in said:
            return None
        if not any(text in said for text in FULL):
            message = f"the PostgreSQL server of {place.cluster} lets nobody in"
            raise ServerError(f"{message}: {said.strip()}") from error
    return folder


def _launch(place: Place, binaries: Binaries, lock: Lock) -> None:
    if not place.is_made:
        make_cluster(place, binaries, lock.file)
    check_version(place, binaries)
    socket_folder = place.socket_folder()
    write_settings(place, binaries, socket_folder)
    cluster = place.cluster
    # PostgreSQL would take a stranger, or a zombie, with one of these numbers for a server.
    for stale in (cluster / "postmaster.pid", socket_folder / f"{SOCKET}.lock"):
        stale.unlink(missing_ok=True)
    shell: list[str | Path] = ["sh", "-c", DETACHED, cluster / START_LOG]
    place.account.run([*shell, binaries.folder / "postgres", "-D", cluster], keep=[lock.file])
