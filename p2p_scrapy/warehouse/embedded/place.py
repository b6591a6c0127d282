"""Where the cluster, its locks and its socket lie."""

import hashlib
import logging
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from p2p_scrapy.warehouse.embedded.account import Account
from p2p_scrapy.warehouse.embedded.errors import PlaceError
from p2p_scrapy.warehouse.embedded.locks import Lock

logger = logging.getLogger(__name__)

NAME = "postgres"
"""The cluster's name in the data folder."""
ELSEWHERE = Path("/var/lib/p2p_scrapy")
"""Where root puts what the server's user cannot reach in its own place."""
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 107
"""Bytes of the longest path that a unix socket can have on Linux."""
PLAIN = re.compile(r"[\w./ +:=@-]+")
"""Paths that libpq and postgresql.conf take as they stand (a comma, say, separates two)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cluster's folder, free of links, and the user who runs its server."""

    cluster: Path
    account: Account

    @property
    def is_made(self) -> bool:
        """Whether there is a cluster; it comes by one rename, so never half of it."""
        return self.cluster.is_dir() and any(self.cluster.iterdir())

    @property
    def unfinished(self) -> Path:
        """Where a new cluster is made before it gets its name."""
        return self.cluster.with_name(f".{self.cluster.name}.new")

    def lock(self, what: str) -> Lock:
        """Open one of the cluster's locks, which lie beside it.

        Raises:
            PlaceError: it cannot be opened.
        """
        return Lock(self.cluster.with_name(f".{self.cluster.name}.{what}"))

    def socket_folder(self) -> Path:
        """The cluster's folder, or one below the temporary folder where its path would not do.

        Raises:
            PlaceError: no folder will do, or the one that would is not ours.
        """
        if _can_hold_socket(self.cluster):
            return self.cluster
        digest = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:24]
        folder = Path(tempfile.gettempdir(), f"p2p_scrapy-{digest}")
        if not _can_hold_socket(folder):
            raise PlaceError(f"the path {folder} is too long for a socket; set TMPDIR to a shorter")
        self._claim(folder)
        return folder

    def _claim(self, folder: Path) -> None:
        try:
            self.account.own_folder(folder)
        except FileExistsError:
            self.check_socket_folder(folder)
        except OSError as error:
            message = f"the socket's folder {folder} cannot be made: {error.strerror}"
            raise PlaceError(
                f"{message}; free the disk, or set TMPDIR to another folder"
            ) from error

    def check_socket_folder(self, folder: Path) -> None:
        """See that nobody but the server's user could have put a socket there.

        Raises:
            PlaceError: somebody could.
        """
        status = folder.lstat()
        is_private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o022
        if not is_private or status.st_uid != self.account.uid:
            message = f"the socket's folder {folder} is not the user {self.account.name}'s alone"
            raise PlaceError(f"{message}; look who made it, then remove it")


def find_place(data_dir: Path) -> Place:
    """Where a data folder's cluster lies, or where a new one will.

    Raises:
        PlaceError: it cannot lie there, or is not ours to use.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return _find(data_dir.resolve())
    except OSError as error:
        message = f"the folder {error.filename or data_dir} cannot be used: {error.strerror}"
        raise PlaceError(f"{message}; free or fix it, or choose another P2P_DATA_DIR") from error


def has_cluster(data_dir: Path) -> bool:
    """Whether a data folder has a cluster, which may be somebody else's."""
    try:
        return (data_dir / NAME / "PG_VERSION").exists()
    except PermissionError:
        return True


def link(data_dir: Path, place: Place) -> None:
    """Point from the data folder to a cluster that had to lie elsewhere, and say so.

    Raises:
        OSError: the link cannot be made.
    """
    here = data_dir.resolve() / NAME
    if place.cluster in {here, here.resolve()}:
        return
    here.symlink_to(place.cluster)
    logger.warning(
        "The user %s cannot enter %s: the PostgreSQL cluster lies in %s, and %s points there",
        place.account.name,
        data_dir,
        place.cluster,
        here,
    )


def make_elsewhere() -> None:
    """Make the folder that root and the server's user can both reach.

    Raises:
        OSError: it cannot be made.
    """
    if not ELSEWHERE.is_dir():
        ELSEWHERE.mkdir(parents=True, exist_ok=True)
        ELSEWHERE.chmod(0o755)


def _find(data_dir: Path) -> Place:
    here = data_dir / NAME
    if here.exists():
        return _existing(here.resolve())
    account = Account.for_new_cluster()
    derived = _elsewhere(data_dir)
    if here.is_symlink() and here.readlink() != derived:
        message = f"{here} points to {here.readlink()}, where nothing is"
        raise PlaceError(f"{message}; mount or make it, or remove the link")
    if here.is_symlink() or (account.is_another and not account.can_enter(data_dir)):
        make_elsewhere()
        return Place(derived, account)
    return Place(here, account)


def _existing(cluster: Path) -> Place:
    is_empty = os.access(cluster, os.R_OK) and not any(cluster.iterdir())
    account = Account.for_new_cluster() if is_empty else Account.of_owner(cluster)
    if account.is_another and not account.can_enter(cluster.parent):
        message = f"the user {account.name}, whose cluster it is, cannot enter {cluster.parent}"
        raise PlaceError(f"{message}; let others pass through (chmod o+x), or set DATABASE_URL")
    return Place(cluster, account)


def _elsewhere(data_dir: Path) -> Path:
    return ELSEWHERE / f"{data_dir.name}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"


def _can_hold_socket(folder: Path) -> bool:
    path = str(folder / SOCKET)
    return len(os.fsencode(path)) <= LONGEST_SOCKET and PLAIN.fullmatch(path) is not None
