"""What the archive holds, and what is wrong with it."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.futures.archive.fault_kinds import ARCHIVE_KINDS


@dataclass(frozen=True, slots=True)
class ArchiveOptions:
    """Checked when made.

    Attributes:
        symbols: what is traded.
        start: the first day that there is; None for the first of the month before last.
        end: the last day; None for yesterday by the exchange's clock.
        trades: rows of a day of aggTrades.
        faults: each ``KIND@FILE``, FILE a name without its ``.zip``, with ``*`` for any text.
        replay: a folder of files named as in the archive (zip or CSV), instead of made-up ones.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    symbols: tuple[str, ...] = ("BTCUSDT", "ETHUSDT")
    start: date | None = None
    end: date | None = None
    trades: int = 500
    faults: tuple[str, ...] = ()
    replay: Path | None = None

    def __post_init__(self) -> None:
        if self.trades < 1:
            raise OptionError("archive_trades", self.trades, "1 or more")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise OptionError("archive_end", str(self.end), f"not before {self.start}, the start")
        if self.replay is not None and not self.replay.is_dir():
            raise OptionError("archive_replay", self.replay, "a folder that exists")
        for text in self.faults:
            kind, _, name = text.partition("@")
            if kind not in ARCHIVE_KINDS or not name:
                known = ", ".join(ARCHIVE_KINDS)
                raise OptionError("archive_fault", text, f"KIND@FILE with KIND one of {known}")

    def has(self, kind: str, stem: str) -> bool:
        """Whether a file has this fault."""
        pairs = (text.partition("@") for text in self.faults)
        return any(each == kind and fnmatchcase(stem, name) for each, _, name in pairs)
