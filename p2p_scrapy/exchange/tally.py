"""What was asked of the exchange, and what it answered."""

from collections import Counter, deque
from typing import Any

_MINUTE = 60.0


class BusiestMinute:
    """The largest number of events in any sliding 60 s."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self.most = 0

    def add(self, now: float) -> None:
        """Count an event at this time (seconds), none before the last one."""
        self._recent.append(now)
        while self._recent[0] <= now - _MINUTE:
            self._recent.popleft()
        self.most = max(self.most, len(self._recent))


class Tally:
    """Counts requests; times are the exchange's, in seconds since 1970."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter({"search": 0, "discovery": 0})
        self._statuses: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._busiest = BusiestMinute()
        self._busiest_by_client: dict[str, BusiestMinute] = {}
        self._times: list[float] = []
        self._pages = 0

    def asked(self, kind: str, client: str, now: float) -> None:
        """A client has asked something: a ``search`` or ``discovery``."""
        self._kinds[kind] += 1
        self._times.append(now)
        self._busiest.add(now)
        self._busiest_by_client.setdefault(client, BusiestMinute()).add(now)

    def answered(self, status: int) -> None:
        """It has got a whole answer with this HTTP status; one that got none is not counted."""
        self._statuses[str(status)] += 1

    def page_opened(self) -> None:
        """The P2P page has been opened."""
        self._pages += 1

    def faulted(self, kind: str) -> None:
        """A fault has struck."""
        self._faults[kind] += 1

    def report(self, *, with_times: bool = False) -> dict[str, Any]:
        """All figures; with the time of every request if wanted."""
        report: dict[str, Any] = {
            **self._kinds,
            "pages": self._pages,
            "by_status": dict(self._statuses),
            "by_fault": dict(self._faults),
            "busiest_minute": self._busiest.most,
            "busiest_minute_by_client": {c: b.most for c, b in self._busiest_by_client.items()},
            "first_at": self._times[0] if self._times else None,
            "last_at": self._times[-1] if self._times else None,
        }
        if with_times:
            report["times"] = self._times
        return report
