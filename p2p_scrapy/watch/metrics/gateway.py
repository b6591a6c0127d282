"""The pushgateway: where the metrics of one-off jobs stay to be scraped."""

from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit

from prometheus_client.exposition import basic_auth_handler

from p2p_scrapy.errors import P2PError
from p2p_scrapy.watch.metrics.state import CONTENT_TYPE

JOB = "p2p_scrapy"
"""All metrics are one group: a later push replaces every one of them."""
SECONDS = 5.0
"""Real seconds that a push may take."""


class GatewayError(P2PError):
    """The pushgateway did not take the metrics."""


def push(address: str, text: str) -> None:
    """Send all metrics; ``address`` is ``http(s)://[user:password@]host:port``.

    Raises:
        GatewayError: it is away, or refuses; the message has no password in it.
    """
    parts = urlsplit(address)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    host = parts.netloc.rpartition("@")[2]
    url = urlunsplit((parts.scheme, host, f"{parts.path}/metrics/job/{JOB}", "", ""))
    headers = [("Content-Type", CONTENT_TYPE)]
    account = (user, password) if parts.username else (None, None)
    try:
        basic_auth_handler(url, "PUT", SECONDS, headers, text.encode(), *account)()
    except HTTPError as error:
        with error:  # it holds the answer, and with it the connection
            raise GatewayError(_message(host, error)) from error
    except URLError as error:
        raise GatewayError(_message(host, error.reason)) from error
    except (OSError, ValueError) as error:
        raise GatewayError(_message(host, error)) from error


def _message(host: str, reason: object) -> str:
    return f"the pushgateway at {host} does not take the metrics: {reason}"
