"""What the live streams are like, and what goes wrong with them."""

from dataclasses import dataclass
from pathlib import Path

from p2p_scrapy.exchange.errors import OptionError


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """Checked when made.

    Attributes:
        cut: seconds of the exchange's time after which a connection is lost, by half more or
            less; 0 for never.
        notice: how long before that it is told, by ``serverShutdown``; 0 for not at all.
        silence: seconds after which it stays open and sends nothing more; 0 for never.
        skip: share of the frames that are never sent, 0 to 1.
        replay: a recording to play instead of the simulated market.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    cut: float = 0.0
    notice: float = 0.0
    silence: float = 0.0
    skip: float = 0.0
    replay: Path | None = None

    def __post_init__(self) -> None:
        for name in ("cut", "notice", "silence"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise OptionError(f"stream_{name}", getattr(self, name), "seconds, 0 or more")
        if not 0 <= self.skip <= 1:
            raise OptionError("stream_skip", self.skip, "a share from 0 to 1")
        if self.replay is not None and not self.replay.is_file():
            raise OptionError("stream_replay", self.replay, "a recording that exists")
