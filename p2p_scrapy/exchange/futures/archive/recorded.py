"""Recorded files in the place of made-up ones: zips and CSVs, named as in the archive."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from p2p_scrapy.exchange.futures.archive.files import ROOT, zipped

_NAME = re.compile(r"(\w+)-(aggTrades|\d+[mhd])-(\d{4}-\d{2}(-\d{2})?)")

Recorded = tuple[str, datetime, Callable[[], bytes]]
"""Key, when it was written, and what makes its bytes."""


def recorded(folder: Path, path: str) -> Iterator[Recorded]:
    """The objects that a folder of the bucket has; a CHECKSUM that is not recorded is made."""
    for file in sorted([*folder.glob("*.zip"), *folder.glob("*.csv")]):
        if _path_of(file.stem) != path:
            continue
        modified = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
        yield f"{path}{file.stem}.zip", modified, partial(_content, file)
        yield f"{path}{file.stem}.zip.CHECKSUM", modified, partial(_checksum, file)


def _path_of(stem: str) -> str | None:
    """The folder of the bucket in which a file of this name lies."""
    found = _NAME.fullmatch(stem)
    if found is None:
        return None
    symbol, kind, _, day = found.groups()
    dataset = f"aggTrades/{symbol}" if kind == "aggTrades" else f"klines/{symbol}/{kind}"
    return f"{ROOT}{'daily' if day else 'monthly'}/{dataset}/"


def _content(file: Path) -> bytes:
    content = file.read_bytes()
    return content if file.suffix == ".zip" else zipped(file.name, content)


def _checksum(file: Path) -> bytes:
    beside = file.with_name(f"{file.name}.CHECKSUM")
    if beside.exists():
        return beside.read_bytes()
    return f"{hashlib.sha256(_content(file)).hexdigest()}  {file.stem}.zip".encode()
