"""The bucket: objects by their keys, and its listing."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.futures.archive.files import DATASETS, DAY, ROOT, File, Folder
from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions
from p2p_scrapy.exchange.futures.archive.recorded import recorded

CHECKSUM = ".CHECKSUM"


@dataclass(frozen=True, slots=True)
class Stored:
    """An object; ``body`` makes its bytes."""

    key: str
    modified: datetime
    body: Callable[[], bytes]


class Bucket:
    """What the options say there is."""

    def __init__(self, options: ArchiveOptions, seed: int, clock: Clock) -> None:
        self.options = options
        self._seed = seed
        self._clock = clock

    def find(self, key: str) -> Stored | None:
        """The object of this key; a file that is listed may be gone."""
        return next((each for each in self._in_folder(_folder_of(key)) if each.key == key), None)

    def keys(self, prefix: str) -> list[Stored]:
        """What is listed directly below a folder, or begins there with the rest of the prefix."""
        below = self._in_folder(_folder_of(prefix))
        return sorted((each for each in below if each.key.startswith(prefix)), key=_key)

    def folders(self, prefix: str) -> list[str]:
        """The folders directly below one of a dataset, which are its symbols."""
        for span in ("daily", "monthly"):
            for dataset in DATASETS:
                if prefix == f"{ROOT}{span}/{dataset}/":
                    return [f"{prefix}{symbol}/" for symbol in sorted(self.options.symbols)]
        return []

    def _in_folder(self, path: str) -> Iterator[Stored]:
        if self.options.replay is not None:
            yield from (Stored(*each) for each in recorded(self.options.replay, path))
            return
        folder = Folder.parse(path.removeprefix(ROOT)) if path.startswith(ROOT) else None
        if folder is None or folder.symbol not in self.options.symbols:
            return
        for file in folder.files(*self._span()):
            if not self.options.has("missing-file", file.stem):
                yield from self._objects(file, path)

    def _span(self) -> tuple[date, date]:
        yesterday = datetime.fromtimestamp(self._clock.now(), UTC).date() - DAY
        before_last = yesterday.replace(day=1) - timedelta(days=32)
        return self.options.start or before_last.replace(day=1), self.options.end or yesterday

    def _objects(self, file: File, path: str) -> Iterator[Stored]:
        key, modified = f"{path}{file.stem}.zip", file.modified(self.options)
        yield Stored(key, modified, lambda: file.zip(self.options, self._seed))
        if not self.options.has("no-checksum", file.stem):
            yield Stored(f"{key}{CHECKSUM}", modified, lambda: self._checksum(file))

    def _checksum(self, file: File) -> bytes:
        content = file.zip(self.options, self._seed)
        if self.options.has("wrong-checksum", file.stem):
            content += b"other"
        return f"{hashlib.sha256(content).hexdigest()}  {file.stem}.zip\n".encode()


def _folder_of(key: str) -> str:
    return key.rpartition("/")[0] + "/"


def _key(stored: Stored) -> str:
    return stored.key
