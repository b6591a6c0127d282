"""The user of the operating system who runs the server: PostgreSQL refuses to run as root."""

import errno
import os
import pwd
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from p2p_scrapy.warehouse.embedded.errors import PlaceError

FOR_ROOT = ("postgres", "nobody")
"""Who runs the server of a new cluster where we are root: the first that exists."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user, and how programs are run as that user."""

    uid: int
    gid: int

    @classmethod
    def for_new_cluster(cls) -> Self:
        """Ourselves, or where we are root the first of FOR_ROOT.

        Raises:
            PlaceError: none of them exists.
        """
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        for name in FOR_ROOT:
            with suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        message = f"PostgreSQL does not run as root, and there is no user {' or '.join(FOR_ROOT)}"
        raise PlaceError(f"{message}; run as an ordinary user, or set DATABASE_URL")

    @classmethod
    def of_owner(cls, cluster: Path) -> Self:
        """The owner of a cluster, who alone can run its server.

        Raises:
            PlaceError: the owner is root, or is neither ourselves nor can we become it.
        """
        status = cluster.stat()
        account = cls(status.st_uid, status.st_gid)
        if status.st_uid == 0:
            message = f"{cluster} belongs to root, and PostgreSQL does not run as root"
            raise PlaceError(f"{message}; give it back to the user who made it (chown -R)")
        if os.geteuid() not in {0, status.st_uid}:
            message = f"{cluster} belongs to the user {account.name}"
            raise PlaceError(f"{message}; run as that user, or choose another P2P_DATA_DIR")
        return account

    @property
    def name(self) -> str:
        """The user's name, or the number where there is no name."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    @property
    def is_another(self) -> bool:
        """Whether it is not ourselves; we are root then."""
        return self.uid != os.geteuid()

    def run(
        self, command: Sequence[str | Path], *, stdin: str = "", keep: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, out of reach of the terminal's signals and our environment.

        Args:
            command: the program and its arguments.
            stdin: what it reads.
            keep: file descriptors that it inherits; it gets no others.

        Raises:
            PlaceError: we are root but may not become this user.
            OSError: it cannot be run by this user.
        """
        user: dict[str, Any] = {}
        if self.is_another:
            user = {"user": self.uid, "group": self.gid, "extra_groups": []}
        try:
            return subprocess.run(  # noqa: S603 - no shell, and what is run is ours
                command,
                input=stdin,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                pass_fds=keep,
                start_new_session=True,
                umask=0o077,
                **user,
            )
        except PermissionError as error:
            if error.errno != errno.EPERM:  # EACCES: the program's fault
                raise
            message = f"root may not become the user {self.name} here (no CAP_SETUID)"
            raise PlaceError(f"{message}; run as an ordinary user, or set DATABASE_URL") from error

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may open what lies in a folder (the kernel is asked)."""
        return self.run(["test", "-x", folder]).returncode == 0

    def own_folder(self, folder: Path) -> None:
        """Make a folder that only this user can enter.

        Raises:
            OSError: it exists, or cannot be made or given away.
        """
        folder.mkdir(mode=0o700)
        if self.is_another:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
