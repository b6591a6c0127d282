import io
import logging

import pytest

from p2p_scrapy.alert_addresses import parse_alert_addresses


@pytest.fixture
def everything_logged(monkeypatch):
    """What a handler of the root logger gets; caplog hears silenced loggers too."""
    text, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(text)
    monkeypatch.setattr(root, "level", logging.DEBUG)
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


@pytest.mark.parametrize(
    "text",
    [
        "json://a/x xml://b",
        " json://a/x\n\txml://b ",
        "json://a/x,xml://b",
        "json://a/x, xml://b,",
        ",json://a/x , xml://b",
    ],
)
def test_several_between_spaces_or_commas(text):
    assert [each.url for each in parse_alert_addresses(text)] == ["json://a/x", "xml://b"]


def test_a_comma_within_an_address_stays():
    text = "mailto://me:hush@example.com?to=a@example.com,b@example.com,json://host"
    first, second = parse_alert_addresses(text)
    assert first.url.endswith("?to=a@example.com,b@example.com")
    assert second.url == "json://host"


def test_none():
    assert parse_alert_addresses("") == ()
    assert parse_alert_addresses(" , ") == ()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("slack://TTTTTTTTT/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC/#p2p", "1 (Slack)"),
        ("pagerduty://INTEGRATIONKEY@APIKEY/collector/p2p?action=map", "1 (Pager Duty)"),
        (
            "mailtos://me:hush@smtp.example.com:465?from=me@example.com&to=a@example.com",
            "1 (E-Mail)",
        ),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/-1001234567890", "1 (Telegram)"),
        ("jsons://hooks.example.com/path", "1 (JSON)"),
    ],
)
def test_a_name_holds_the_service_and_the_place_alone(url, name):
    (address,) = parse_alert_addresses(url)
    assert address.name == name
    assert repr(address) == f"AlertAddress(name={name!r})"


@pytest.mark.parametrize("text", ["hush", "nowhere://hush", "slack://hush", "json://a hush"])
def test_what_is_none_is_not_repeated(text, everything_logged):
    with pytest.raises(ValueError, match="no address") as error:
        parse_alert_addresses(text)
    assert "hush" not in str(error.value)
    assert "hush" not in everything_logged.getvalue()
