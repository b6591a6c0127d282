"""Which PostgreSQL processes work in a cluster, as the kernel sees it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def recorded_pid(cluster: Path) -> int | None:
    """The process that postmaster.pid names, living or not."""
    try:
        return int((cluster / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def recorded_socket_folder(cluster: Path) -> Path | None:
    """Where the server that wrote postmaster.pid has its socket."""
    try:
        folder = (cluster / "postmaster.pid").read_text().splitlines()[4]
    except (OSError, ValueError, IndexError):
        return None
    return Path(folder) if folder else None


def is_server_of(cluster: Path, pid: int) -> bool:
    """Whether a process is a PostgreSQL that lives and works in this cluster."""
    process = PROC / str(pid)
    try:
        named = (process / "comm").read_text().startswith("postgres")
        return named and (process / "cwd").samefile(cluster)
    except OSError:
        return False


def servers_of(cluster: Path) -> Iterator[int]:
    """Every living PostgreSQL process of this cluster, those without a postmaster too."""
    with suppress(OSError):
        pids = [int(name) for name in os.listdir(PROC) if name.isdigit()]  # noqa: PTH208 - names only
        yield from (pid for pid in pids if is_server_of(cluster, pid))
