"""A PostgreSQL server of our own below the data folder, for whoever has none (docs/embedded.md)."""

from p2p_scrapy.warehouse.embedded.binaries import find_psql
from p2p_scrapy.warehouse.embedded.errors import (
    BinariesError,
    BusyError,
    ClusterError,
    EmbeddedServerError,
    PlaceError,
    ServerError,
    VersionError,
)
from p2p_scrapy.warehouse.embedded.place import has_cluster
from p2p_scrapy.warehouse.embedded.server import EmbeddedServer

__all__ = [
    "BinariesError",
    "BusyError",
    "ClusterError",
    "EmbeddedServer",
    "EmbeddedServerError",
    "PlaceError",
    "ServerError",
    "VersionError",
    "find_psql",
    "has_cluster",
]
