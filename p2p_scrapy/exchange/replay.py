"""The exchange's answers from recordings instead of a world."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from urllib.parse import parse_qs, urlsplit

import msgspec

from p2p_scrapy.exchange.currencies import CURRENCIES, Currency
from p2p_scrapy.exchange.envelope import IllegalParameterError, listing, success
from p2p_scrapy.exchange.market import SIDES
from p2p_scrapy.exchange.paths import PORTAL_PATH, PROFILE_PATH, SEARCH_PATH
from p2p_scrapy.exchange.portal import fiat_list, filter_conditions, portal_config
from p2p_scrapy.exchange.query import SearchQuery
from p2p_scrapy.exchange.recording import RecordedBody, Recording

_CURRENCIES = {currency.code: currency for currency in CURRENCIES}


class _Takes:
    """The answers that one request got, in recorded order; the last one repeats."""

    def __init__(self) -> None:
        self._answers: list[bytes] = []
        self._next = 0

    def add(self, answer: bytes) -> None:
        self._answers.append(answer)

    def play(self) -> bytes:
        answer = self._answers[self._next]
        self._next = min(self._next + 1, len(self._answers) - 1)
        return answer


class ReplayService:
    """Answers what was recorded; requests are told apart by what they ask, not by ``rows``."""

    def __init__(self, recordings: Iterable[Recording]) -> None:
        self._takes: defaultdict[Hashable, _Takes] = defaultdict(_Takes)
        self._totals: dict[Hashable, int] = {}
        self._assets: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for recording in recordings:
            self._keep(recording)

    def summary(self) -> str:
        """How many different requests were recorded, and of which currencies."""
        return f"{len(self._takes)} recorded requests of {', '.join(sorted(self._assets))}"

    def search(self, query: SearchQuery) -> bytes:
        """The recorded page; one that was not recorded is empty, with the total of page 1."""
        market = (query.fiat, query.asset, query.trade_type, *sorted(query.pay_types or ()))
        takes = self._takes.get((SEARCH_PATH, market, query.page))
        if takes is None:
            return listing((), self._totals.get(market, 0))
        answer = takes.play()
        if query.page == 1:
            self._totals[market] = msgspec.json.decode(answer).get("total") or 0
        return answer

    def fiat_list(self) -> bytes:
        """The currencies that were recorded."""
        return success(fiat_list(_currency(fiat) for fiat in sorted(self._assets)))

    def portal_config(self, fiat: str) -> bytes:
        """The recorded answer, else one that names the recorded assets on both sides."""
        takes = self._takes.get((PORTAL_PATH, fiat))
        if takes:
            return takes.play()
        assets = list(self._assets.get(fiat, ()))
        return success(portal_config(fiat, dict.fromkeys(SIDES, assets)))

    def filter_conditions(self, fiat: str) -> bytes:
        """What a search in a currency can be narrowed by; never recorded, so made up."""
        return success(filter_conditions(fiat, _CURRENCIES.get(fiat)))

    def profile(self, user_no: str) -> bytes:
        """The recorded profile.

        Raises:
            IllegalParameterError: this advertiser's was not recorded.
        """
        takes = self._takes.get((PROFILE_PATH, user_no))
        if takes is None:
            raise IllegalParameterError
        return takes.play()

    def _keep(self, recording: Recording) -> None:
        path, body = urlsplit(recording.request.path), recording.request.body or RecordedBody()
        if path.path == PROFILE_PATH:
            user_no = parse_qs(path.query).get("userNo", [""])[0]
            self._takes[path.path, user_no].add(recording.answer)
        elif path.path == PORTAL_PATH:
            self._takes[path.path, body.fiat].add(recording.answer)
            self._assets.setdefault(body.fiat, {})
        elif path.path == SEARCH_PATH:
            self._takes[path.path, body.market, body.page].add(recording.answer)
            self._assets[body.fiat][body.asset] = None


def _currency(fiat: str) -> Currency:
    """A currency that the exchange had once, but has no more, is told from its code alone."""
    return _CURRENCIES.get(fiat) or Currency(fiat, fiat[:2], fiat, 2, 1.0, 0.0)
