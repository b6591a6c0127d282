"""What kind of exchange to run: all options, checked once."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from p2p_scrapy.exchange.admission import ADMIT
from p2p_scrapy.exchange.coins import COINS
from p2p_scrapy.exchange.currencies import CURRENCIES
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.fault import Fault, parse_fault
from p2p_scrapy.exchange.fault_kinds import MOVING_ADS
from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions
from p2p_scrapy.exchange.futures.stream.options import StreamOptions

RETRY_AFTER = ("none", "seconds", "date")


@dataclass(frozen=True)
class ExchangeOptions:
    """An exchange's size, temper and troubles. Checked when made.

    Attributes:
        seed: of all randomness; the same seed gives the same world, to the byte.
        ads: natural ads in all markets together.
        markets: only the first so many markets (big currencies first, then assets, SELL before
            BUY); None for all.
        fiats: only these currencies; empty for all. Likewise assets.
        latency: seconds before every answer; latency_spread: up to so many more, at random.
        churn: share of the ads that change in ten minutes of exchange time.
        limit: requests a client may make in any 60 s of exchange time; 0 for no limit.
        admit: ``all``, or only ``browsers`` that ran the script of the P2P page.
        retry_after: how a 429 names the wait: none, seconds or date.
        retry_after_seconds: the wait it names; None for the time until the window frees.
        faults: each ``KIND=SHARE[@FIAT[/ASSET[/SIDE]]]``.
        slow_seconds: how long the fault ``slow`` takes.
        replay: a folder of recordings to answer from, instead of a world.
        time_lapse: exchange seconds that pass in one real second.
        streams: live futures, and their faults.
        archive: the archive of futures, and its faults.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    seed: int = 1
    ads: int = 50_000
    markets: int | None = None
    fiats: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    latency: float = 0.0
    latency_spread: float = 0.0
    churn: float = 0.0
    limit: int = 0
    admit: str = "all"
    retry_after: str = "none"
    retry_after_seconds: int | None = None
    faults: tuple[str, ...] = ()
    slow_seconds: float = 5.0
    replay: Path | None = None
    time_lapse: float = 1.0
    streams: StreamOptions = field(default_factory=StreamOptions)
    archive: ArchiveOptions = field(default_factory=ArchiveOptions)
    parsed_faults: tuple[Fault, ...] = field(init=False)

    def __post_init__(self) -> None:
        for name, (is_right, allowed) in _CHECKS.items():
            if not _passes(is_right, getattr(self, name)):
                raise OptionError(name, getattr(self, name), allowed)
        object.__setattr__(self, "parsed_faults", tuple(parse_fault(text) for text in self.faults))
        for text, fault in zip(self.faults, self.parsed_faults, strict=True):
            self._check_place(text, fault)
        if self.replay and any(fault.kind == MOVING_ADS for fault in self.parsed_faults):
            raise OptionError("fault", MOVING_ADS, "another one: recorded ads do not move")

    def _check_place(self, text: str, fault: Fault) -> None:
        """Refuse a fault of what this exchange does not trade, which would never happen."""
        if self.replay:
            return
        fiats, assets = self.fiats or _FIATS, self.assets or _ASSETS
        if fault.fiat not in {None, *fiats}:
            raise OptionError("fault", text, f"@FIAT with FIAT one of {' '.join(sorted(fiats))}")
        if fault.asset not in {None, *assets}:
            raise OptionError(
                "fault", text, f"@FIAT/ASSET with ASSET one of {' '.join(sorted(assets))}"
            )


def _passes(is_right: Callable[[Any], bool], value: object) -> bool:
    try:
        return is_right(value)
    except (TypeError, AttributeError):
        return False


def _at_least(least: float) -> Callable[[Any], bool]:
    return lambda value: math.isfinite(value) and value >= least


def _none_or_at_least(least: float) -> Callable[[Any], bool]:
    return lambda value: value is None or value >= least


def _all_of(known: list[str]) -> Callable[[Any], bool]:
    return lambda values: set(values) <= set(known)


_FIATS = [currency.code for currency in CURRENCIES]
_ASSETS = [coin.code for coin in COINS]
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "ads": (_at_least(0), "0 or more"),
    "markets": (_none_or_at_least(1), "1 or more"),
    "fiats": (_all_of(_FIATS), f"of {' '.join(_FIATS)}"),
    "assets": (_all_of(_ASSETS), f"of {' '.join(_ASSETS)}"),
    "latency": (_at_least(0), "seconds, 0 or more"),
    "latency_spread": (_at_least(0), "seconds, 0 or more"),
    "churn": (lambda value: 0 <= value <= 1, "a share from 0 to 1"),
    "limit": (_at_least(0), "requests a minute, 0 for no limit"),
    "admit": (lambda value: value in ADMIT, f"one of {', '.join(ADMIT)}"),
    "retry_after": (lambda value: value in RETRY_AFTER, f"one of {', '.join(RETRY_AFTER)}"),
    "retry_after_seconds": (_none_or_at_least(0), "seconds, 0 or more"),
    "slow_seconds": (_at_least(0), "seconds, 0 or more"),
    "replay": (lambda value: value is None or value.is_dir(), "a folder that exists"),
    "time_lapse": (lambda value: math.isfinite(value) and value > 0, "a factor above 0"),
}
