"""What a stream counts, for the log's lines."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from p2p_scrapy.futures.frames import BrokenFrame

logger = logging.getLogger(__name__)

_SHOWN = 200
"""Bytes of a broken frame that the log shows."""


@dataclass(slots=True)
class Figures:
    """Counts since the start.

    Attributes:
        frames: that arrived, and were not dropped or received twice by a hand-over's rule.
        other: of them answers and streams that are not kept.
        broken: of them what could not be read.
        dropped: frames for which there was no room in memory.
        healed: trades that REST told after all.
        unreadable: REST answers that were no list of trades.
        records: written to files, by dataset.
        gaps: rows of the gaps table that are not healed, by reason.
    """

    frames: int = 0
    other: int = 0
    broken: int = 0
    dropped: int = 0
    healed: int = 0
    unreadable: int = 0
    records: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)

    def note_broken(self, frames: Sequence[BrokenFrame]) -> None:
        """Count broken frames, and show the first of the run whole enough to act on."""
        if frames and not self.broken:
            shown = frames[0].frame[:_SHOWN].decode("utf-8", "replace")
            logger.error("A frame cannot be stored: %s; it begins %s", frames[0].error, shown)
        self.broken += len(frames)

    def line(self) -> str:
        """All of them in one line of the log."""
        records = ", ".join(f"{self.records[name]:,} {name}" for name in sorted(self.records))
        gaps = ", ".join(f"{count} {reason}" for reason, count in sorted(self.gaps.items()))
        return (
            f"{self.frames:,} frames | stored {records or 'nothing'} | gaps {gaps or 'none'} | "
            f"healed {self.healed:,} | dropped {self.dropped:,} | broken {self.broken:,}"
        )
