"""What can be wrong with the embedded server, each error saying what, where, and what to do.

WarehouseError
└── EmbeddedServerError
    ├── BinariesError   no PostgreSQL that can be run here
    ├── PlaceError      the cluster's or the socket's folder cannot be used
    ├── VersionError    the cluster is of another major version
    ├── ClusterError    no cluster could be made
    ├── ServerError     the server does not start, or does not answer
    └── BusyError       another process starts or stops it and does not come to an end
"""

from p2p_scrapy.errors import WarehouseError


class EmbeddedServerError(WarehouseError):
    """The PostgreSQL server below the data folder cannot be used."""


class BinariesError(EmbeddedServerError):
    """No PostgreSQL is installed that can be run here."""


class PlaceError(EmbeddedServerError):
    """The folder of the cluster, or that of its socket, cannot be used."""


class VersionError(EmbeddedServerError):
    """The cluster is of a major version other than the server's."""


class ClusterError(EmbeddedServerError):
    """No cluster could be made."""


class ServerError(EmbeddedServerError):
    """The server does not start, or does not answer."""


class BusyError(EmbeddedServerError):
    """Another process starts or stops the server and does not come to an end."""
