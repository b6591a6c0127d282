"""Discovery: asking what the exchange trades, and the markets to read that come of it."""

import logging
from datetime import datetime

from items import Market
from p2p_scrapy.binance import queries
from p2p_scrapy.census.catalogue import Catalogue
from p2p_scrapy.census.dispatch import Ask, Burst
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.errors import P2PError

logger = logging.getLogger(__name__)

FIRST_ASSET = "USDT"
"""Traded everywhere (API page, section 5): asked for where nothing at all is known."""


NAMED = 3
"""Currencies that a message names; an exchange has a hundred."""


class DiscoveryError(P2PError):
    """The exchange does not say what it trades, and nothing is kept of what it said before."""


class Discovery:
    """Brings the catalogue up to date, as far as the scope needs it.

    ``kept`` names what could not be asked and was taken from the kept catalogue instead;
    ``missing`` the fiats of which nothing is known.
    """

    def __init__(self, scope: Scope, catalogue: Catalogue, hours: float) -> None:
        self.kept: list[str] = []
        self.missing: list[str] = []
        self._scope = scope
        self._catalogue = catalogue
        self._hours = hours
        self._awaited = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is awaited any more."""
        return self._awaited == 0

    def begin(self, now: datetime) -> Burst:
        """The first questions."""
        if self._catalogue.has_fresh_fiats(now, self._hours):
            return self._ask_markets(now)
        self._awaited = 1
        return [Ask(queries.fiat_list())]

    def fiats_came(self, fiats: list[str], now: datetime) -> Burst:
        """Enter the list of fiats; the questions that follow from it.

        An exchange without a currency is no likely answer, and entered it would hide the market
        for as long as it counts as fresh: the kept list serves.

        Raises:
            DiscoveryError: it is empty, and none is kept.
        """
        if not fiats:
            return self.fiats_failed("no currency was listed", now)
        self._catalogue.list_fiats(fiats, now)
        self._awaited -= 1
        return self._ask_markets(now)

    def fiats_failed(self, error: str, now: datetime) -> Burst:
        """Go on with the kept list of fiats.

        Raises:
            DiscoveryError: none is kept.
        """
        self._awaited -= 1
        if not self._fiats():
            message = f"the exchange does not say which fiats it trades ({error})"
            hint = "try later, or name them with -a fiats="
            raise DiscoveryError(f"{message} and no catalogue is kept; {hint}")
        source = self._catalogue.told_at or "what was asked for alone"
        logger.warning("The list of fiats is not told anew, it is that of %s", source)
        self.kept.append(f"the list of fiats: {error}")
        return self._ask_markets(now)

    def markets_came(self, fiat: str, markets: list[Market], now: datetime) -> None:
        """Enter the markets of a fiat; that it has none any more is no likely answer either."""
        if not markets and self._catalogue.markets(fiat):
            self.markets_failed(fiat, "no asset was listed")
            return
        self._catalogue.list_markets(fiat, markets, now)
        self._awaited -= 1

    def markets_failed(self, fiat: str, error: str) -> None:
        """Go on with the kept markets of a fiat, if there are any."""
        self._awaited -= 1
        if fiat in self._catalogue.listings:
            logger.warning("The assets of %s are the kept ones: %s", fiat, error)
            self.kept.append(f"{fiat}: {error}")
        else:
            logger.warning("The assets of %s are not known: %s", fiat, error)
            self.missing.append(fiat)

    def markets(self) -> list[Market]:
        """The markets to read: what is traded and in scope, in the catalogue's order."""
        found = [market for fiat in self._fiats() for market in self._of_fiat(fiat)]
        return [market for market in found if self._scope.includes(market)]

    def nothing(self) -> DiscoveryError:
        """Why there is no market to read."""
        if self.missing:
            fiats = _the_first(self.missing)
            message = f"the exchange does not tell the assets of {fiats}, and none are kept"
            return DiscoveryError(f"{message}; try later")
        scope = self._scope
        asked = ", ".join([*scope.fiats, *scope.assets, *scope.sides]) or "everything"
        return DiscoveryError(f"the exchange trades nothing of what was asked for: {asked}")

    def _ask_markets(self, now: datetime) -> Burst:
        stale = [
            fiat
            for fiat in self._fiats()
            if not self._catalogue.has_fresh_markets(fiat, now, self._hours)
        ]
        self._awaited += len(stale)
        return [Ask(queries.portal_config(fiat), fiat=fiat) for fiat in stale]

    def _fiats(self) -> list[str]:
        return list(self._scope.fiats or self._catalogue.fiats)

    def _of_fiat(self, fiat: str) -> list[Market]:
        """A fiat's markets; one that is not listed is asked all the same: lists vary by country."""
        known = self._catalogue.markets(fiat)
        if known or not self._scope.fiats:
            return known
        assets = self._scope.assets or tuple(self._catalogue.assets()) or (FIRST_ASSET,)
        logger.warning("The exchange does not list %s; it is asked for %s", fiat, ",".join(assets))
        return [Market(a, fiat, side) for a in assets for side in self._scope.asked_sides]


def _the_first(fiats: list[str]) -> str:
    named, further = ", ".join(fiats[:NAMED]), len(fiats) - NAMED
    return f"{named} and {further} more" if further > 0 else named
