"""Which database is in use: the one of DATABASE_URL, or the server below the data folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from p2p_scrapy.config import Config
from p2p_scrapy.errors import UsageError
from p2p_scrapy.parsing import NO_DATABASE
from p2p_scrapy.warehouse.embedded import EmbeddedServer


@contextmanager
def database(config: Config) -> Iterator[str]:
    """The address of the database, which stands for as long as the block runs.

    Raises:
        UsageError: there is to be none.
        EmbeddedServerError: the server below the data folder cannot be had.
    """
    if config.database_url == NO_DATABASE:
        message = f"DATABASE_URL is {NO_DATABASE}, so there is no warehouse"
        raise UsageError(f"{message}; leave it empty, or set an address")
    if config.database_url:
        yield config.database_url
        return
    with EmbeddedServer(config.data_dir) as server:
        yield server.dsn
