"""Small JSON files that one run keeps for the next: whole or absent, and no loss if spoiled."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from p2p_scrapy.lake.atomic import write_bytes

logger = logging.getLogger(__name__)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its zone; one without is no moment, and spoils the file."""

Kept = TypeVar("Kept", bound=msgspec.Struct)


def load(path: Path, kind: type[Kept]) -> Kept:
    """What a file holds; a missing one, and with a warning a spoiled one, is a fresh ``kind()``."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return kind()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        logger.warning("%s cannot be used and is begun anew: %s", path, error)
        return kind()


def save(path: Path, content: msgspec.Struct, *, survives_power_loss: bool = True) -> None:
    """Write a file, atomically; ``survives_power_loss`` waits until the disk has it.

    Raises:
        OSError: the disk's trouble; the old file stands.
    """
    text = msgspec.json.format(msgspec.json.encode(content, order="deterministic"), indent=1)
    write_bytes(path, text, is_flushed=survives_power_loss)
