"""A small SQL prompt, for where no psql is installed."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class
from psycopg2.extensions import set_wait_callback
from psycopg2.extras import wait_select
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from p2p_scrapy.errors import WarehouseError

QUIT = r"\q"
WIDE = 10_000
"""Columns of an output that is no terminal, so that nothing is cut."""


def prompt(dsn: str, given: Sequence[str]) -> int:
    """Run the statements given, or else what is typed or piped in, up to each ``;``.

    A statement that fails says so in one line and does not keep the next from being run.

    Args:
        dsn: what libpq takes for an address.
        given: the ones to run.

    Returns:
        1 where one has failed, else 0.

    Raises:
        WarehouseError: no connection can be made.
    """
    try:
        connection = psycopg2.connect(dsn)
    except psycopg2.OperationalError as error:
        raise WarehouseError(f"no connection to PostgreSQL: {_line(error)}") from error
    with closing(connection), _interruptible():
        connection.autocommit = True
        statements = given or _statements(_lines())
        done = [_run(connection.cursor(), each) for each in statements]
    return int(not all(done))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Have Ctrl-C end a statement and not the prompt."""
    set_wait_callback(wait_select)
    try:
        yield
    finally:
        set_wait_callback(None)


def _lines() -> Iterator[str]:
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    while True:
        try:
            yield input("p2p=> ")
        except (EOFError, KeyboardInterrupt):
            return


def _statements(lines: Iterable[str]) -> Iterator[str]:
    text = ""
    for line in lines:
        if line.strip() == QUIT:
            return
        text += f"{line}\n"
        if line.rstrip().endswith(";"):
            yield text
            text = ""
    if text.strip():
        yield text


def _run(cursor: Cursor, statement: str) -> bool:
    try:
        with cursor:
            cursor.execute(statement)
            _console().print(_shown(cursor))
    except psycopg2.Error as error:
        sys.stderr.write(f"{_line(error)}\n")
        return False
    return True


def _shown(cursor: Cursor) -> Table | Text:
    if cursor.description is None:
        return Text(cursor.statusmessage or "")
    table = Table(box=box.ASCII2)
    for column in cursor.description:
        table.add_column(Text(column.name), overflow="fold")
    for row in cursor:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    return table


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDE)


def _line(error: psycopg2.Error) -> str:
    return " ".join(str(error).split())
