"""What can stop a run, each saying what was wrong, where, and what to do.

P2PError
├── UsageError          exit code 2: what was typed or set is wrong
│   ├── SettingError
│   └── ArgumentError
├── WarehouseError      exit code 1: PostgreSQL cannot be used; the lake goes on without it
│   ├── DatabaseLostError
│   └── LoaderBusyError
├── DataFolderError     exit code 1: the data folder cannot be used
├── DiskFullError       exit code 1: no space left; what is written is safe
├── BrowserError        exit code 1: no Chromium, or none that starts (p2p_scrapy.browser.chromium)
├── StoppedEarlyError   exit code 1: a signal came before the run had begun
├── BatchRunningError   exit code 4: another batch holds this data folder
└── ExchangeError       see p2p_scrapy.binance.answers: an answer that is not what was asked for
"""


class P2PError(Exception):
    """The root of everything this project raises on purpose."""

    exit_code = 1


class UsageError(P2PError):
    """What was typed or set is wrong; nothing was started."""

    exit_code = 2


class SettingError(UsageError):
    """A setting has a value that it cannot have."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(f"setting {name} is {value!r}; it must be {allowed}")


class ArgumentError(UsageError):
    """A spider argument (-a NAME=VALUE) has a value that it cannot have."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(f"argument {name} is {value!r}; it must be {allowed}")


class DataFolderError(P2PError):
    """The data folder cannot be written, so nothing was asked of the exchange."""


class DiskFullError(P2PError):
    """The disk is full: the batch ends with what is safely written."""


class StoppedEarlyError(P2PError):
    """A signal ended a run before it had begun, so that there is nothing to close in order."""


class BatchRunningError(P2PError):
    """Another process takes a batch into the same data folder."""

    exit_code = 4


class WarehouseError(P2PError):
    """PostgreSQL cannot be used, or not for this; the lake is whole without it."""


class DatabaseLostError(WarehouseError):
    """The database cannot be reached, or went away; what was not committed is undone."""


class LoaderBusyError(WarehouseError):
    """Another process loads into this warehouse, and does not end."""
