"""Proxies: the further addresses that a run may ask from (P2P_PROXIES)."""

import base64
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Proxy:
    """A forward proxy; ``authorization`` is the header's value, which is shown nowhere.

    ``name`` is its host and port, the only part of it that logs, the ledger and budget.json see;
    of several accounts at one proxy the second is ``host:port#2``, and so on.
    """

    name: str
    address: str
    authorization: str | None = field(default=None, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What goes along with a request to the proxy."""
        return {"Proxy-Authorization": self.authorization} if self.authorization else {}

    @property
    def is_https(self) -> bool:
        """Whether the proxy itself is spoken to by TLS."""
        return self.address.startswith("https:")


def parse_proxies(text: str) -> tuple[Proxy, ...]:
    """``http(s)://[user:password@]host:port``, several between commas.

    Raises:
        ValueError: one is none, or comes twice; the error does not repeat it.
    """
    found: list[Proxy] = []
    for word in filter(None, (word.strip() for word in text.split(","))):
        address, authorization = _parse(word)
        if any((each.address, each.authorization) == (address, authorization) for each in found):
            raise ValueError("a proxy comes twice")
        found.append(Proxy(_name(address, found), address, authorization))
    return tuple(found)


def _parse(word: str) -> tuple[str, str | None]:
    """Address without credentials, and the credentials as a header's value."""
    try:
        parts = urlsplit(word)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port
    except ValueError:  # what it says may have the password in it
        raise ValueError("that is no proxy") from None
    if not is_whole or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("that is no proxy")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    address = f"{parts.scheme}://{host}:{parts.port}"
    if parts.username is None:
        return address, None
    account = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return address, f"Basic {base64.b64encode(account.encode()).decode()}"


def _name(address: str, before: list[Proxy]) -> str:
    place = address.partition("://")[2]
    accounts = sum(each.address.partition("://")[2] == place for each in before)
    return f"{place}#{accounts + 1}" if accounts else place
