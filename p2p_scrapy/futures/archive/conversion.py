"""From a proved zip to a checked Parquet file, in bounded memory.

Unpacking, parsing and writing run beside each other, some blocks apart. Rows that turn out to be
in another order are read a second time, by way of files that sort them.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from p2p_scrapy.futures.archive.ahead import ahead
from p2p_scrapy.futures.archive.content import Content, content_of
from p2p_scrapy.futures.archive.errors import OutOfOrderError
from p2p_scrapy.futures.archive.faults import Faults
from p2p_scrapy.futures.archive.ordering import in_order, put_in_order
from p2p_scrapy.futures.archive.parsing import Parser
from p2p_scrapy.futures.archive.rows import Numbers, Rows
from p2p_scrapy.futures.archive.series import ArchiveFile
from p2p_scrapy.futures.archive.shaping import shaped
from p2p_scrapy.futures.archive.unpacking import unpack
from p2p_scrapy.futures.archive.writing import Found, Source, Writer
from p2p_scrapy.lake.atomic import atomic

_Ends = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Conversion:
    """One file's way into the lake.

    Attributes:
        zip_path: the zip, whose bytes are proved.
        source: where it is from.
        file: what it is.
        target: the Parquet file to write.
        scratch: a folder for what is kept while rows are sorted.
    """

    zip_path: Path
    source: Source
    file: ArchiveFile
    target: Path
    scratch: Path

    def run(self) -> Found:
        """Write the Parquet file.

        Raises:
            ContentError: what the zip holds cannot be read; nothing is written then.
            OSError: the disk's trouble; nothing is written then.
        """
        try:
            return self._write(is_sorting=False)
        except OutOfOrderError:
            return self._write(is_sorting=True)

    def _write(self, *, is_sorting: bool) -> Found:
        content = content_of(self.file)
        reading = _Reading(content)
        with atomic(self.target) as temporary, ExitStack() as stack:
            rows = self._rows(content, stack)
            ordered = self._sorted(rows, content) if is_sorting else in_order(rows, content.key)
            writer = Writer(temporary, content.schema)
            writer.write(reading.checked(ordered))
            found = reading.found(was_sorted=is_sorting)
            writer.close(self.source, found)
        return found

    def _rows(self, content: Content, stack: ExitStack) -> Iterator[Rows]:
        blocks = unpack(self.zip_path, f"{self.file.stem}.csv", list(content.types))
        shape = partial(shaped, schema=content.schema, symbol=self.file.series.symbol)
        parser = Parser(content.types, shape)
        return stack.enter_context(ahead(parser.parse(stack.enter_context(ahead(blocks)))))

    def _sorted(self, rows: Iterable[Rows], content: Content) -> Iterator[Rows]:
        return put_in_order(rows, content.key, content.width, self.scratch)


class _Reading:
    """Looks at all rows on their way, and remembers what they came to."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._faults = Faults()
        self._rows = 0
        self._keys: _Ends = None, None
        self._times: _Ends = None, None

    def checked(self, parts: Iterable[Rows]) -> Iterator[Rows]:
        for part in parts:
            self._content.check(part, self._faults)
            self._rows += len(part.numbers)
            self._keys = _ends(self._keys, part.values(self._content.key))
            self._times = _ends(self._times, part.values(self._content.time))
            yield part

    def found(self, *, was_sorted: bool) -> Found:
        return Found(self._rows, *self._keys, *self._times, was_sorted, self._faults.told())


def _ends(before: _Ends, values: Numbers) -> _Ends:
    """The first value of all, and the last so far."""
    first = int(values[0]) if before[0] is None else before[0]
    return first, int(values[-1])
