import pytest
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)

from p2p_scrapy.binance.answers import PageLostError
from p2p_scrapy.browser.chromium import ChromiumDoesNotStartError
from p2p_scrapy.link import trouble_of
from p2p_scrapy.proxies import parse_proxies

(PROXY,) = parse_proxies("http://anna:secret@10.0.0.1:3128")
TUNNEL = "Could not open CONNECT tunnel with proxy 10.0.0.1:3128 [{'status': %d, 'reason': b'x'}]"


@pytest.mark.parametrize(
    ("error", "proxy", "kind"),
    [
        (DownloadTimeoutError("late"), None, "timeout"),
        (DownloadTimeoutError("late"), PROXY, "timeout"),
        (DownloadConnectionRefusedError("refused"), None, "connection"),
        (DownloadConnectionRefusedError("refused"), PROXY, "proxy_down"),
        (CannotResolveHostError("who?"), None, "connection"),
        (CannotResolveHostError("who?"), PROXY, "proxy_down"),
        (DownloadFailedError("cut"), PROXY, "connection"),
        (TunnelError(TUNNEL % 502), PROXY, "proxy_down"),
        (TunnelError(TUNNEL % 407), PROXY, "proxy_refused"),
        (TunnelError(TUNNEL % 407), None, "proxy_refused"),
        (PageLostError("gone"), PROXY, "page_lost"),
        (ChromiumDoesNotStartError("no screen"), None, "page_lost"),
        (None, None, "connection"),
    ],
)
def test_the_kind_of_a_trouble(error, proxy, kind):
    assert trouble_of(error, proxy).kind == kind


def test_the_proxy_is_named_without_its_account():
    told = str(trouble_of(DownloadConnectionRefusedError("refused by 10.0.0.1."), PROXY))
    assert told == "proxy 10.0.0.1:3128 cannot be reached: refused by 10.0.0.1"
    refused = str(trouble_of(TunnelError(TUNNEL % 407), PROXY))
    assert "does not accept this user and password; look at P2P_PROXIES" in refused
    assert "secret" not in told + refused


def test_nothing_at_all_is_said_in_words():
    assert str(trouble_of(DownloadFailedError(""), None)) == "no answer came"
