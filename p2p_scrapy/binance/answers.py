"""What an answer of the exchange is: what was asked for, or which trouble.

ExchangeError
├── LinkError           nothing came: refused, cut, unresolvable
│   └── TimeoutAnswerError  nothing came in time
├── BlockedError        418, or a challenge: the address is not let in
│   ├── ChallengedError     403, 405, 202, 3xx or HTML: something that a browser may pass
│   ├── RateLimitedError    429
│   └── ProxyDownError      no way through the proxy just now
├── ProxyRefusedError   407: the proxy wants another user or password
├── CountryRefusedError 451
├── ApiChangedError     400, 404 and every status that nobody expects, without HTML
├── ServerError         5xx
├── PageLostError       the browser that asked is gone: it has nothing to do with the exchange
├── BrokenJsonError     JSON cut short or broken
├── BusinessError       success: false, or no data
└── UnreadableError     this project itself failed on it
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
from msgspec import UNSET

from p2p_scrapy.binance.challenge import is_challenge, is_html
from p2p_scrapy.errors import P2PError

SUCCESS_CODE = "000000"
OK = "ok"
"""What came of a question that was answered well; else it is the trouble's kind."""
LONGEST_RETRY_AFTER = 3600.0
"""Seconds; a longer Retry-After is cut to it, for a proxy's whim must not stop a lane for a day."""
WRONG_ACCOUNT = "it does not accept this user and password; look at P2P_PROXIES"


class ExchangeError(P2PError):
    """An answer that is not what was asked for; ``kind`` names it in counts and alerts."""

    kind = "exchange"


class LinkError(ExchangeError):
    """No answer came: connection refused, cut, or a host that does not resolve."""

    kind = "connection"


class TimeoutAnswerError(LinkError):
    """No answer came in time."""

    kind = "timeout"


class BlockedError(ExchangeError):
    """The address is not let in: 418, or a challenge.

    ``retry_after`` is in seconds from the answer; None where the exchange did not say.
    """

    kind = "blocked"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ChallengedError(BlockedError):
    """403, 405, 202, 3xx or a page of HTML where JSON was due: a browser may be let pass.

    418 is a ban, whoever asks.
    """


class RateLimitedError(BlockedError):
    """429: more was asked than this address may."""

    kind = "rate_limited"


class ProxyDownError(BlockedError):
    """The proxy cannot be reached, or opens no way to the exchange: its lane waits."""

    kind = "proxy_down"


class ProxyRefusedError(ExchangeError):
    """407: the proxy does not accept the user and password that it is given, or wants them."""

    kind = "proxy_refused"


class CountryRefusedError(ExchangeError):
    """451: the exchange does not serve the country of this address."""

    kind = "country_refused"


class ApiChangedError(ExchangeError):
    """400, 404 or a status that nobody expects, and no page of HTML with it.

    The question itself is no longer understood.
    """

    kind = "api_changed"


class ServerError(ExchangeError):
    """5xx: the exchange has trouble of its own."""

    kind = "server_error"


class PageLostError(ExchangeError):
    """The page that asked, or its browser, died or changed before the answer came."""

    kind = "page_lost"


class BrokenJsonError(ExchangeError):
    """The body is not whole JSON of the known envelope."""

    kind = "broken_json"


class BusinessError(ExchangeError):
    """The exchange understood and declined, or sent no data."""

    kind = "business_error"


class UnreadableError(ExchangeError):
    """A defect of this project met the answer: it costs the question, never the batch."""

    kind = "defect"


def kinds() -> list[str]:
    """Every kind of trouble."""
    return sorted({each.kind for each in _below(ExchangeError)})


def _below(error: type[ExchangeError]) -> Iterator[type[ExchangeError]]:
    for each in error.__subclasses__():
        yield each
        yield from _below(each)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A good answer: its data, still undecoded, and its total as it came, or UNSET."""

    data: msgspec.Raw
    total: Any


class _Wire(msgspec.Struct):
    code: Any = None
    message: Any = None
    success: Any = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    total: Any = UNSET


_decoder = msgspec.json.Decoder(_Wire)


def read(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Envelope:
    """The envelope of an answer.

    Raises:
        ExchangeError: the answer is none of what was asked for; the subclass says which trouble.
    """
    _check_status(status, headers, body, now)
    if is_html(body):
        message = "a page of HTML came where JSON was due"
        raise ChallengedError(message, retry_after(headers.get("retry-after"), now))
    try:
        wire = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"the answer of {len(body)} bytes is not whole JSON: {error}"
        raise BrokenJsonError(message) from error
    return _unwrap(wire)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, a number or a date (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = (moment - now).total_seconds()
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER) if seconds == seconds else None  # noqa: PLR0124


def _check_status(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    if status == 200:  # noqa: PLR2004
        return
    message = f"the exchange answered HTTP {status}"
    pause = retry_after(headers.get("retry-after"), now)
    match status:
        case 429:
            raise RateLimitedError(message, pause)
        case 418:
            raise BlockedError(message, pause)
        case 407:
            raise ProxyRefusedError(f"the proxy answered HTTP 407: {WRONG_ACCOUNT}")
        case 451:
            raise CountryRefusedError(f"{message}: it does not serve this address's country")
        case _ if status >= 500:  # noqa: PLR2004
            raise ServerError(message)
        case _ if is_challenge(status, body):
            raise ChallengedError(message, pause)
        case _:
            raise ApiChangedError(f"{message}: the question is no longer understood")


def _unwrap(wire: _Wire) -> Envelope:
    if wire.success is not True or wire.code != SUCCESS_CODE:
        message = f"the exchange declined: code {wire.code!r}, message {wire.message!r}"
        raise BusinessError(message)
    if bytes(wire.data).strip() == b"null":
        raise BusinessError("the exchange sent success without data")
    return Envelope(wire.data, wire.total)
