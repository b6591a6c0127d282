"""A running exchange: its service, its time, and everything that stands in front of it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from p2p_scrapy.exchange.admission import Admission
from p2p_scrapy.exchange.churn import Churn, stir
from p2p_scrapy.exchange.clock import Clock, LapsingClock
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.futures.archive.part import FuturesArchive
from p2p_scrapy.exchange.futures.stream.part import FuturesStream
from p2p_scrapy.exchange.limit import Limit
from p2p_scrapy.exchange.market import MarketKey
from p2p_scrapy.exchange.options import ExchangeOptions
from p2p_scrapy.exchange.recording import read_recordings
from p2p_scrapy.exchange.replay import ReplayService
from p2p_scrapy.exchange.service import Service
from p2p_scrapy.exchange.tally import Tally
from p2p_scrapy.exchange.troubles import Troubles
from p2p_scrapy.exchange.world import World
from p2p_scrapy.exchange.world_service import WorldService

ADJUSTABLE = (
    "admit",
    "limit",
    "faults",
    "latency",
    "latency_spread",
    "slow_seconds",
    "retry_after",
    "retry_after_seconds",
    "streams",
    "archive",
)


class Exchange:
    """What the server serves.

    Attributes:
        world: the books; None where recordings are replayed.
        service: answers the requests that get through.
        rng: chance of the changes that faults make.
        streams: live futures.
        archive: the archive of futures.
    """

    def __init__(self, options: ExchangeOptions, clock: Clock | None = None) -> None:
        self.options = options
        self.clock = clock or LapsingClock(options.time_lapse)
        self.tally = Tally()
        self.limit = Limit(options.limit)
        self.admission = Admission(options.admit, options.seed)
        self.troubles = Troubles(options.parsed_faults, options.seed)
        self.rng = Random(f"{options.seed}/faults")  # noqa: S311  nothing here is a secret
        self.streams = FuturesStream(options.streams, options.seed, self.clock)
        self.archive = FuturesArchive(options.archive, options.seed, self.clock)
        self.world: World | None = None
        self._churn: Churn | None = None
        self._delays = Random(f"{options.seed}/latency")  # noqa: S311  nothing here is a secret
        self.service = self._replay(options.replay) if options.replay else self._open()

    def advance(self, now: float) -> None:
        """Let the books change as they would have by now."""
        if self._churn:
            self._churn.advance(now)

    def latency(self) -> float:
        """Seconds that an answer takes, drawn anew for each."""
        return self.options.latency + self._delays.uniform(0, self.options.latency_spread)

    def between(self, market: MarketKey, since: float, until: float) -> dict[str, Any]:
        """A market's ads over an interval, by the exchange's clock; see Diary.

        Raises:
            LookupError: there is no such market.
        """
        if self.world is None or self._churn is None:
            raise LookupError("recordings are replayed: there is no book")
        if market not in self.world.books:
            raise LookupError(f"no market {'/'.join(market)}")
        return self._churn.diary.between(self.world.books[market], since, until)

    def stir(self, market: MarketKey) -> None:
        """Move some ads of this market's book."""
        if self.world and market in self.world.books:
            stir(self.world.books[market], self.rng)

    def _open(self) -> Service:
        self.world = World(self.options)
        rng = Random(f"{self.options.seed}/churn")  # noqa: S311  nothing here is a secret
        self._churn = Churn(self.world, self.options.churn, self.clock.now(), rng)
        return WorldService(self.world)

    def _replay(self, folder: Path) -> Service:
        return ReplayService(read_recordings(folder))

    def summary(self) -> str:
        """What there is to search, in a few words."""
        return f"{self.service.summary()} (seed {self.options.seed})"

    def adjust(self, changes: Mapping[str, Any]) -> None:
        """Change options while it runs; a new limit starts empty, a new admission with nobody.

        Raises:
            OptionError: an option has a value that it cannot have, or cannot be changed now.
        """
        for name, value in changes.items():
            if name not in ADJUSTABLE:
                raise OptionError(name, value, f"left alone; adjust {', '.join(ADJUSTABLE)}")
        self.options = replace(self.options, **changes)
        if "limit" in changes:
            self.limit = Limit(self.options.limit)
        if "admit" in changes:
            self.admission.change(self.options.admit)
        self.streams.sockets.options = self.options.streams
        self.archive.bucket.options = self.options.archive
        if "faults" in changes:
            self.troubles = Troubles(self.options.parsed_faults, self.options.seed)
