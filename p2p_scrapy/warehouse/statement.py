"""The SQL that lies in files."""

from functools import cache
from importlib import resources

from p2p_scrapy.warehouse import statements


@cache
def statement(name: str) -> str:
    """The text of statements/``name``.sql."""
    return resources.files(statements).joinpath(f"{name}.sql").read_text("utf-8")
