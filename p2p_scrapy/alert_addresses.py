"""Where alerts are sent to: the addresses of P2P_ALERT_URLS, in apprise's form."""

import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apprise import Apprise

_BETWEEN = re.compile(r"[\s,]*\s[\s,]*|,+(?=[A-Za-z][A-Za-z0-9+.-]*://)")
"""Whitespace; a comma only where an address begins after it, since a query may hold commas."""
SENDER = "p2p-scrapy"
_TALKATIVE = ("apprise", "urllib3", "requests_oauthlib", "oauthlib")
"""What sends, by its loggers: they name whole addresses, or the parts that are secret."""


@dataclass(frozen=True, slots=True)
class AlertAddress:
    """One address; ``name`` is its place in the setting and its service, all that is ever shown.

    Even apprise's own private form of an address shows the first and last letters of a token.
    """

    name: str
    url: str = field(repr=False)


def parse_alert_addresses(text: str) -> tuple[AlertAddress, ...]:
    """Apprise's addresses, several between spaces, or commas that an address follows.

    Raises:
        ValueError: one is none that apprise knows; the error does not repeat it.
    """
    words = [word for word in _BETWEEN.split(text.strip().strip(",")) if word]
    return tuple(_parse(number, word) for number, word in enumerate(words, 1))


def service_at(url: str) -> "Apprise":
    """What delivers to an address.

    Raises:
        ValueError: apprise knows no such address; the error does not repeat it.
    """
    for name in _TALKATIVE:
        _silence(logging.getLogger(name))
    import apprise  # noqa: PLC0415 - half a second that only a run with addresses should take

    # Without a limit of its own apprise sends in the caller's thread; its pool's would be waited
    # for when the process ends.
    asset = apprise.AppriseAsset(
        app_id=SENDER,
        app_desc=SENDER,
        async_mode=False,
        service_timeout=0,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        raise ValueError("that is no address")
    return service


def _parse(number: int, url: str) -> AlertAddress:
    (plugin,) = service_at(url)
    return AlertAddress(f"{number} ({plugin.service_name})", url)


def _silence(logger: logging.Logger) -> None:
    """Let nothing of it into our logs."""
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
