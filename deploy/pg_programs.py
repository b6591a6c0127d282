"""pg_dump and pg_restore: which are used, and run so that nobody sees a password."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg2.extensions import make_dsn, parse_dsn

from p2p_scrapy.commands.sql import SECRET
from p2p_scrapy.config import Config
from p2p_scrapy.errors import UsageError, WarehouseError
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.embedded.binaries import wheel_folder

SCHEMAS = ("warehouse", "market")
"""All that the warehouse consists of."""


def program(name: str, config: Config, server: int) -> str:
    """The first that is not older than the server, which is of this major version.

    The embedded server's own, or for a server elsewhere the system's: the wheel's has no TLS.

    Raises:
        WarehouseError: there is none.
    """
    wheel = wheel_folder()
    ours = shutil.which(name, path=wheel) if wheel else None
    systems = shutil.which(name)
    for found in (systems, ours) if config.database_url else (ours, systems):
        if found and _major(found) >= server:
            return found
    hint = f"install postgresql-client-{server}"
    raise WarehouseError(f"there is no {name} of PostgreSQL {server} or newer here; {hint}")


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\d+", said)
    return int(version[0]) if version else 0


def run(name: str, config: Config, dsn: str, *arguments: str | Path) -> None:
    """Run it on a database to its end; a password goes by the environment, which is not shown.

    Raises:
        WarehouseError: it failed; its own first line says why.
        UsageError: the address has secrets that cannot be given unseen.
    """
    parts = parse_dsn(dsn)
    password = parts.pop("password", None)
    if others := [each for each in SECRET if each in parts]:
        message = f"DATABASE_URL has {', '.join(others)}, which {name} would show to everybody"
        raise UsageError(f"{message}; move that into a service file, see PGSERVICEFILE")
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    environment.pop("DATABASE_URL", None)
    with connected(dsn) as connection:
        path = program(name, config, connection.server_version // 10_000)
    command = [path, *map(str, arguments), f"--dbname={make_dsn(**parts)}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = next(iter(done.stderr.strip().splitlines()), "")
        raise WarehouseError(f"{name} failed: {said or f'exit code {done.returncode}'}")
