"""``scrapy sql``: psql on the warehouse in use."""

import argparse
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

from p2p_scrapy.command import ProjectCommand
from p2p_scrapy.config import Config
from p2p_scrapy.errors import UsageError, WarehouseError
from p2p_scrapy.parsing import NO_DATABASE

SEARCH_PATH = "-c search_path=market,public"
INTERRUPTED = 130
SECRET = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(ProjectCommand):
    """Starts the embedded server if it is the one in use, and holds it while psql runs.

    The exit code is psql's; 1 where there is no warehouse yet, 2 where it is switched off.
    """

    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        """What may follow ``scrapy sql``."""
        return "[-c SQL]..."

    def short_desc(self) -> str:
        """One line for ``scrapy`` without a command."""
        return "Open psql on the warehouse in use, or run statements"

    def long_desc(self) -> str:
        """What ``scrapy sql -h`` says."""
        return (
            "Opens psql on DATABASE_URL or, where that is empty, on the PostgreSQL server below "
            "the data folder. A script may be piped in: scrapy sql < file.sql. The exit code is "
            "psql's; 1 where there is no warehouse yet, 2 where it is switched off."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's own options."""
        super().add_options(parser)
        parser.add_argument(
            "-c", dest="statements", action="append", metavar="SQL", help="run this and exit; again"
        )

    def carry_out(self, config: Config, opts: argparse.Namespace) -> int:
        """Open psql; the exit code is its own."""
        try:
            return _open(config, opts.statements or [])
        except KeyboardInterrupt:
            return INTERRUPTED


def _open(config: Config, statements: list[str]) -> int:
    from p2p_scrapy.warehouse.embedded import EmbeddedServer, find_psql, has_cluster

    if config.database_url == NO_DATABASE:
        message = f"DATABASE_URL is {NO_DATABASE}, so there is no warehouse"
        raise UsageError(f"{message}; leave it empty, or set an address")
    if config.database_url:
        # The system's psql first: the wheel's has no TLS, which a server elsewhere may ask for.
        return _talk(shutil.which("psql") or find_psql(), config.database_url, statements)
    if not has_cluster(config.data_dir):
        message = f"there is no warehouse in {config.data_dir} yet"
        raise WarehouseError(f"{message}; take a batch first: scrapy crawl binance_p2p")
    with EmbeddedServer(config.data_dir) as server:
        return _talk(find_psql(), server.dsn, statements)


def _talk(psql: str | Path | None, address: str, statements: list[str]) -> int:
    from psycopg2.extensions import make_dsn, parse_dsn

    from p2p_scrapy.warehouse.prompt import prompt

    parts = parse_dsn(address)
    given = parts.pop("options", os.environ.get("PGOPTIONS", ""))
    options = f"{SEARCH_PATH} {given}".rstrip()
    if psql is None:
        return prompt(make_dsn(**parts, options=options), statements)
    asked = [word for statement in statements for word in ("-c", statement)]
    with _apart(parts) as (plain, secret):
        environment = {**os.environ, "PGOPTIONS": options, **secret}
        return _attend([str(psql), make_dsn(**plain), *asked], environment)


@contextmanager
def _apart(parts: Mapping[str, str]) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """What psql may be given as an argument, which is everybody's to read; the rest by environment.

    libpq takes a password from there, and its other secrets from a service file alone.

    Raises:
        UsageError: the address names a service file of its own, and a secret beside it.
    """
    plain = {name: text for name, text in parts.items() if name not in SECRET}
    secret = {name: text for name, text in parts.items() if name in SECRET}
    environment = {"PGPASSWORD": secret.pop("password")} if "password" in secret else {}
    if not secret:
        yield plain, environment
        return
    if "service" in parts:
        message = f"DATABASE_URL names a service and has {', '.join(secret)} beside it"
        raise UsageError(f"{message}; move that into the service's file")
    with tempfile.NamedTemporaryFile("w", prefix="p2p-", suffix=".conf") as file:  # mode 600
        file.write("".join(["[p2p]\n", *(f"{name}={text}\n" for name, text in secret.items())]))
        file.flush()
        yield plain, {**environment, "PGSERVICEFILE": file.name, "PGSERVICE": "p2p"}


def _attend(command: list[str], environment: Mapping[str, str]) -> int:
    """Run psql to its end: Ctrl-C is its own affair, and what would end us ends it first."""
    psql: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        for process in psql if number != signal.SIGINT else ():
            process.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in PASSED_ON}
    try:
        with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - psql, no shell
            psql.append(process)
            code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
