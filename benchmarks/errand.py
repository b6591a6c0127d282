"""What the program of a contender is told, and what it tells back."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PAGES = "pages.jsonl"
_ADS = "ads.txt"


@dataclass(frozen=True, slots=True)
class Errand:
    """Read all pages of an exchange.

    Attributes:
        url: of the exchange, e.g. ``http://127.0.0.1:40123``.
        folder: holds the pages to ask for; what the contender writes goes there too.
    """

    url: str
    folder: Path

    @classmethod
    def of_command_line(cls, arguments: list[str]) -> Self:
        """Read ``PROGRAM URL FOLDER``."""
        _, url, folder = arguments
        return cls(url, Path(folder))

    def arguments(self) -> list[str]:
        """What ``of_command_line`` reads, without the program."""
        return [self.url, str(self.folder)]

    def give(self, bodies: Iterable[bytes]) -> None:
        """Put down the request bodies of the pages."""
        (self.folder / _PAGES).write_bytes(b"\n".join(bodies))

    def bodies(self) -> list[bytes]:
        """The request bodies of the pages."""
        return (self.folder / _PAGES).read_bytes().splitlines()

    def tell(self, ads: int) -> None:
        """Put down how many different ads came."""
        (self.folder / _ADS).write_text(str(ads))

    def told(self) -> int:
        """How many different ads came."""
        return int((self.folder / _ADS).read_text())
