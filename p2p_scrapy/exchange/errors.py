"""What can be wrong with an exchange that somebody wants to start.

ExchangeError
├── OptionError      an option has a value that it cannot have
├── RecordingError   a line of a recording cannot be replayed
└── ListenError      the address cannot be listened on
"""

from pathlib import Path


class ExchangeError(Exception):
    """The exchange cannot do what it was told to; the message says what to change."""


class OptionError(ExchangeError):
    """An option has a value that it cannot have."""

    def __init__(self, name: str, given: object, allowed: str) -> None:
        self.name = name
        self.given = given
        self.allowed = allowed
        super().__init__(f"--{name.replace('_', '-')} is {given!r}, but must be {allowed}")


class RecordingError(ExchangeError):
    """A line of a recording cannot be replayed."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}, line {line}: {reason}; mend or remove the line")


class ListenError(ExchangeError):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host = host
        self.port = port
        super().__init__(f"cannot listen on {host}:{port}: {reason}; choose another --port")
