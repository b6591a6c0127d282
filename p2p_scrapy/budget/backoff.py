"""How often a failed question is asked again, and after how long (product page, section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from p2p_scrapy.binance import answers


@dataclass(frozen=True, slots=True)
class Backoff:
    """``retries`` after the first try (None: as P2P_RETRIES says), pauses in seconds."""

    retries: int | None
    first_pause: float
    growth: float = 1.0

    def pause(self, attempt: int) -> float:
        """Seconds to wait after failed try number ``attempt``, counted from 0."""
        return self.first_pause * self.growth**attempt


_BACKOFFS: Mapping[str, Backoff] = {
    answers.TimeoutAnswerError.kind: Backoff(None, first_pause=5.0, growth=2.0),
    answers.LinkError.kind: Backoff(None, first_pause=30.0, growth=2.0),
    answers.ServerError.kind: Backoff(None, first_pause=60.0),
    answers.PageLostError.kind: Backoff(None, first_pause=1.0, growth=2.0),
    answers.BrokenJsonError.kind: Backoff(1, first_pause=1.0),
    answers.BusinessError.kind: Backoff(1, first_pause=1.0),
}
_NEVER = Backoff(0, first_pause=0.0)


def next_pause(error: answers.ExchangeError, attempt: int, retries: int) -> float | None:
    """Seconds until the question is asked again; None where it is given up.

    A lane that is blocked pauses as a whole, so its questions wait for it and are not counted.
    """
    backoff = _BACKOFFS.get(error.kind, _NEVER)
    allowed = retries if backoff.retries is None else backoff.retries
    return backoff.pause(attempt) if attempt < allowed else None
