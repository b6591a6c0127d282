"""A client's hold on the embedded server: the first one starts it, the last one stops it."""

import logging
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from p2p_scrapy.warehouse.embedded.binaries import Binaries, find_binaries
from p2p_scrapy.warehouse.embedded.cluster import DATABASE, ROLE
from p2p_scrapy.warehouse.embedded.errors import BusyError, PlaceError
from p2p_scrapy.warehouse.embedded.place import Place, find_place, link
from p2p_scrapy.warehouse.embedded.running import (
    PORT,
    START_SECONDS,
    dsn_of,
    ensure_running,
    stop,
)

if TYPE_CHECKING:
    from p2p_scrapy.warehouse.embedded.locks import Lock

logger = logging.getLogger(__name__)

LEAVE_SECONDS = 90.0
"""How long a leaving client waits for one that starts or stops the server."""


class EmbeddedServer:
    """One client of the PostgreSQL server below a data folder, and its life meanwhile.

    Clients are counted by a shared lock that the kernel drops when one dies. Starting and stopping
    happen under an exclusive lock, so that nobody arrives while the last one leaves.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._place: Place | None = None
        self._binaries: Binaries | None = None
        self._socket_folder = Path()
        self._client: Lock | None = None

    def start(self) -> Self:
        """Be a client of the server, which is started if it does not answer.

        May be called again by a client, after an outage of the server.

        Raises:
            EmbeddedServerError: there is no server to be had; we are no client then.
        """
        try:
            place = find_place(self._data_dir)
            self._binaries = find_binaries(place.account)
            with closing(place.lock("start")) as alone:
                alone.wait_alone(START_SECONDS)
                self._join(place, self._binaries)
        except OSError as error:
            message = f"PostgreSQL cannot run in {self._data_dir}: {error}"
            raise PlaceError(f"{message}; free or fix the folder, or set DATABASE_URL") from error
        return self

    def stop(self) -> None:
        """Be a client no longer; the last one stops the server and waits for its end."""
        place, client = self._place, self._client
        if place is None or client is None:
            return
        self._client = None
        try:
            with closing(client), closing(place.lock("start")) as alone:
                alone.wait_alone(LEAVE_SECONDS)
                if client.try_alone():
                    stop(place)
        except (BusyError, PlaceError) as error:
            logger.warning("The PostgreSQL server of %s is left alone: %s", place.cluster, error)

    @property
    def dsn(self) -> str:
        """How libpq connects, e.g. ``user=p2p dbname=p2p host=/srv/data/postgres port=5432``."""
        return dsn_of(self._socket_folder)

    @property
    def url(self) -> str:
        """The same as an address, for people and tools."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self._socket_folder))}&port={PORT}"

    @property
    def bin_dir(self) -> Path:
        """Where this PostgreSQL's programs are, psql among them.

        Raises:
            RuntimeError: it has not been started.
        """
        if self._binaries is None:
            raise RuntimeError("the server has not been started")
        return self._binaries.folder

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _join(self, place: Place, binaries: Binaries) -> None:
        client = self._client or place.lock("clients")
        try:
            client.share()
            self._socket_folder = ensure_running(place, binaries)
            link(self._data_dir, place)
        except BaseException:
            client.close()
            self._client = None
            raise
        self._place, self._client = place, client
