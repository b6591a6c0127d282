"""Which way the questions of each lane go: by the API, or by the browser."""

from collections import defaultdict

from p2p_scrapy.parsing import Transport

ROUNDS_TO_CHANGE = 2
"""Challenges of a lane without a good answer between them, each to a question that left after the
pause of the one before. A single one may be of the moment, and its burst may all meet it at once;
the second, a minute later, is how the exchange stands to this address."""


class Road:
    """Begins as P2P_TRANSPORT says; with ``auto`` each lane changes over once, for good.

    Times are seconds of a monotonic clock.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._rounds: defaultdict[str, list[float]] = defaultdict(list)
        self._by_browser: set[str] = set()

    def is_browser(self, lane: str) -> bool:
        """Whether a lane's questions go by the browser."""
        return self._transport is Transport.BROWSER or lane in self._by_browser

    def answered(self, lane: str) -> None:
        """Note a good answer."""
        self._rounds.pop(lane, None)

    def challenged(self, lane: str, asked_at: float, now: float) -> bool:
        """Note a challenge; whether it is time to change over."""
        rounds = self._rounds[lane]
        if not rounds or asked_at >= rounds[-1]:
            rounds.append(now)
        may_change = self._transport is Transport.AUTO and lane not in self._by_browser
        return may_change and len(rounds) >= ROUNDS_TO_CHANGE

    def change_over(self, lane: str) -> None:
        """Ask by the browser from now on."""
        self._by_browser.add(lane)

    def stay(self) -> None:
        """Ask by the API in all lanes from now on: there is no browser."""
        self._transport = Transport.API
        self._by_browser.clear()
