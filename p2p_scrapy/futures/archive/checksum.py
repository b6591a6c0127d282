"""A file's CHECKSUM: ``<64 hex of sha256>  <zip name>``, with or without a newline at its end."""

import hashlib
import re
from pathlib import Path

from p2p_scrapy.futures.archive.errors import ChecksumError

_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(\S+)\s*")


def parse_checksum(content: bytes, zip_name: str) -> str:
    """The SHA-256 that the zip should have, in small hex letters.

    Raises:
        ChecksumError: it is no checksum, or another file's.
    """
    found = _LINE.fullmatch(content.decode("utf-8", "replace"))
    if found is None:
        raise ChecksumError(f"the CHECKSUM of {zip_name} holds no SHA-256")
    digest, name = found.groups()
    if name != zip_name:
        raise ChecksumError(f"the CHECKSUM of {zip_name} is of another file: {name}")
    return str(digest).lower()


def sha256_of(path: Path) -> str:
    """The SHA-256 that a file has."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
