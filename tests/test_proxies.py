import base64

import pytest
from scrapy.settings import BaseSettings

from p2p_scrapy.config import Config
from p2p_scrapy.errors import SettingError
from p2p_scrapy.proxies import parse_proxies


def test_each_is_named_by_host_and_port_and_no_account_is_shown():
    one, two = parse_proxies(" http://10.0.0.1:3128 , https://anna:pass%2Fword@proxy.net:8443/ ,")
    assert (one.name, one.address, one.headers) == ("10.0.0.1:3128", "http://10.0.0.1:3128", {})
    assert (two.name, two.address) == ("proxy.net:8443", "https://proxy.net:8443")
    kind, _, account = two.headers["Proxy-Authorization"].partition(" ")
    assert (kind, base64.b64decode(account)) == ("Basic", b"anna:pass/word")
    assert account not in repr(two)
    assert "anna" not in repr(two)
    assert (one.is_https, two.is_https) == (False, True)


def test_an_address_of_six_bytes_keeps_its_brackets():
    (proxy,) = parse_proxies("http://[2001:db8::1]:3128")
    assert (proxy.name, proxy.address) == ("[2001:db8::1]:3128", "http://[2001:db8::1]:3128")


def test_several_accounts_at_one_proxy_are_told_apart():
    found = parse_proxies("http://a:1@x:80,http://b:1@x:80,http://x:80,http://c:1@y:80")
    assert [proxy.name for proxy in found] == ["x:80", "x:80#2", "x:80#3", "y:80"]


@pytest.mark.parametrize(
    "text",
    [
        "http://x:80,http://x:80",
        "http://a:1@x:80,http://b:1@x:80,http://a:1@x:80/",
        "x:80",
        "http://x",
        "http://:80",
        "http://x:0",
        "http://secret:x@y:port",
        "http://x:80/path",
        "http://x:80?a=b",
        "socks5://x:80",
    ],
)
def test_what_is_none_or_comes_twice_is_refused_without_being_repeated(text):
    with pytest.raises(ValueError, match=r"^(that is no proxy|a proxy comes twice)$") as caught:
        parse_proxies(text)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_proxy_by_tls_is_refused_where_the_exchange_is_one_too():
    proxy = "https://anna:secret@x:443"
    with pytest.raises(SettingError, match=r"P2P_PROXIES is .*not shown") as caught:
        Config.from_settings(BaseSettings({"P2P_PROXIES": proxy}))
    assert "secret" not in str(caught.value)
    given = {"P2P_PROXIES": proxy, "P2P_BASE_URL": "http://127.0.0.1:1"}
    assert Config.from_settings(BaseSettings(given)).proxies[0].is_https
