"""Which rules a file of the archive is held to."""

from p2p_scrapy.futures.archive.klines import Klines
from p2p_scrapy.futures.archive.series import ArchiveFile
from p2p_scrapy.futures.archive.trades import Trades

Content = Trades | Klines
"""The rules of one file.

Both tell ``types`` (the CSV's columns in their order, as what they are read), ``schema`` (the
lake's columns), ``key`` (the column that rows are ordered by), ``time`` (the one that lies within
the file's period), ``step`` (by how much the key grows where nothing is missing), ``width`` (how
much of the key may be in memory at a time), and ``check`` rows, in the order of the key.
"""


def content_of(file: ArchiveFile) -> Content:
    """The rules of this file."""
    interval = file.series.interval
    return Klines(file.period, interval) if interval else Trades(file.period)
