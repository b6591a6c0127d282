"""A cluster: made whole or not at all, of the server's version, with our settings."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from p2p_scrapy.warehouse.embedded.binaries import Binaries
from p2p_scrapy.warehouse.embedded.errors import ClusterError, VersionError
from p2p_scrapy.warehouse.embedded.memory import cache_megabytes
from p2p_scrapy.warehouse.embedded.place import Place

ROLE = "p2p"
"""The superuser, and the owner of everything."""
DATABASE = "p2p"
OURS = "p2p.conf"
"""Our settings, written anew before each start; postgresql.conf includes it."""
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - nothing of ours is put there
ROOMY_BYTES = 512 << 20
"""Parallel queries may share this much; a container has 64 MB there unless told otherwise."""
SETTINGS = """\
# Written anew before each start. Your own settings: postgresql.conf, below the line that includes
# this file.
listen_addresses = ''
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
port = 5432
cluster_name = 'p2p'
max_connections = 50
shared_buffers = {cache}MB
effective_cache_size = {cache_and_files}MB
work_mem = 32MB
maintenance_work_mem = 128MB
max_parallel_workers_per_gather = 2
random_page_cost = 1.1
jit = off
autovacuum = on
fsync = on
synchronous_commit = on
dynamic_shared_memory_type = {shared_memory}
wal_compression = {wal_compression}
max_wal_size = 2GB
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
"""


def make_cluster(place: Place, binaries: Binaries, keep: int) -> None:
    """Make a cluster with our role and database beside its place, then name it.

    Args:
        place: where it goes; there is none yet.
        binaries: of which version.
        keep: a file descriptor that what runs inherits, so that others wait for its end.

    Raises:
        ClusterError: it cannot be made; nothing is left of it.
    """
    new = place.unfinished
    try:
        shutil.rmtree(new, ignore_errors=True)
        place.account.own_folder(new)
        _fill(place, binaries, keep)
        new.rename(place.cluster)
        flush(place.cluster.parent)
    except OSError as error:
        raise _failure(place, str(error)) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def check_version(place: Place, binaries: Binaries) -> None:
    """See that the server can read the cluster.

    Raises:
        ClusterError: the folder holds no cluster.
        VersionError: it is another major version's.
    """
    cluster = place.cluster
    try:
        made_by = (cluster / "PG_VERSION").read_text().strip()
    except OSError as error:
        message = f"{cluster} is no PostgreSQL cluster: PG_VERSION cannot be read"
        raise ClusterError(f"{message}; move it away and run scrapy backfill") from error
    if made_by != str(binaries.major):
        message = f"{cluster} was made by PostgreSQL {made_by}; here runs {binaries.version}"
        remedy = "delete the folder and run scrapy backfill"
        raise VersionError(f"{message}; dump it with {made_by} and restore it, or {remedy}")


def write_settings(place: Place, binaries: Binaries, socket_folder: Path) -> None:
    """Write our settings for the server that is about to start.

    Raises:
        ClusterError: the file cannot be written.
    """
    lz4 = ["-C", "wal_compression", "-c", "wal_compression=lz4"]
    asked = place.account.run([binaries.folder / "postgres", "-D", place.cluster, *lz4])
    cache = cache_megabytes()
    text = SETTINGS.format(
        socket_folder=socket_folder,
        cache=cache,
        cache_and_files=4 * cache,
        shared_memory="posix" if _is_roomy(SHARED_MEMORY) else "mmap",
        wal_compression="pglz" if asked.returncode else "lz4",
    )
    done = place.account.run(["tee", place.cluster / OURS], stdin=text)
    if done.returncode:
        raise _failure(place, done.stderr)


def flush(path: Path) -> None:
    """Have the disk take a file, or a folder's names, for good.

    Raises:
        OSError: the disk's trouble.
    """
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _fill(place: Place, binaries: Binaries, keep: int) -> None:
    new = place.unfinished
    include = f"include_if_exists = '{OURS}'\n"
    form = ["--locale=C", "--encoding=UTF8", "--data-checksums", "--auth=trust"]
    single = ["--single", "-c", "exit_on_error=on", "-D", str(new), "postgres"]
    steps: list[tuple[list[str | Path], str]] = [
        ([binaries.folder / "initdb", "-D", new, f"--username={ROLE}", *form], ""),
        ([binaries.folder / "postgres", *single], f"CREATE DATABASE {DATABASE}\n"),
        (["tee", "-a", new / "postgresql.conf"], include),
    ]
    for command, stdin in steps:
        done = place.account.run(command, stdin=stdin, keep=[keep])
        if done.returncode:
            raise _failure(place, done.stderr)
    flush(new / "postgresql.conf")


def _is_roomy(folder: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(folder).total >= ROOMY_BYTES
    return False


def _failure(place: Place, said: str) -> ClusterError:
    lines = [line for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "rror:" in line or "FATAL" in line] or lines[-1:]
    message = f"no PostgreSQL cluster can be made in {place.cluster}: {' '.join(telling)}"
    return ClusterError(f"{message}; free the disk or fix the folder, or set DATABASE_URL")
