from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from items import Pair, Side
from p2p_scrapy import parsing
from p2p_scrapy.parsing import Band, Lapse


def test_an_address_loses_its_last_slashes_and_keeps_its_path():
    assert parsing.url("http://localhost:8000/p2p//") == "http://localhost:8000/p2p"


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("http://127.0.0.1", True),
        ("http://127.255.0.3:80", True),
        ("http://[::1]:80", True),
        ("http://LOCALHOST", True),
        ("http://8.8.8.8", False),
        ("http://localhost.org", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_loopback(address, loopback):
    assert parsing.is_loopback(address) is loopback


def test_a_folder_is_absolute():
    assert parsing.folder("data") == Path.cwd() / "data"
    assert parsing.folder("/a/../b") == Path("/a/../b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        (" , ,", ()),
        ("a", ("a",)),
        ("b, a ,b,c d", ("b", "a", "c d")),
    ],
)
def test_words(text, words):
    assert parsing.words(text) == words


def test_codes_are_in_capitals_each_once():
    assert parsing.currency_codes("ves,Ves,bob") == ("VES", "BOB")
    assert parsing.asset_codes("usdt, 1inch") == ("USDT", "1INCH")


@pytest.mark.parametrize("text", ["VÉS", "ves!", "VES\nBOB"])
def test_what_is_no_code(text):
    with pytest.raises(ValueError, match="V"):
        parsing.currency_codes(text)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("", ()),
        ("buy", (Side.BUY,)),
        ("SELL,Buy,sell", (Side.BUY, Side.SELL)),
    ],
)
def test_sides(text, sides):
    assert parsing.sides(text) == sides


def test_whole_numbers_within_bounds():
    parse = parsing.whole(2, 4)
    assert [parse(text) for text in ("2", "3", "4")] == [2, 3, 4]
    for text in ("1", "5", "3.0", "", "x"):
        with pytest.raises(ValueError, match=text or "''"):
            parse(text)


def test_numbers_within_bounds():
    parse = parsing.number(0.5, 2)
    assert [parse(text) for text in ("0.5", "1e0", "2")] == [0.5, 1.0, 2.0]
    for text in ("0.49", "2.01", "nan", "inf", "-inf", "", "x"):
        with pytest.raises(ValueError, match=text or "''"):
            parse(text)


@pytest.mark.parametrize(
    ("text", "truth"),
    [("true", True), ("YES", True), ("1", True), ("False", False), ("no", False), ("0", False)],
)
def test_flags(text, truth):
    assert parsing.flag(text) is truth


@pytest.mark.parametrize("text", ["", "on", "truee", "01", "-1"])
def test_what_is_no_flag(text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        parsing.flag(text)


def test_bands():
    assert parsing.price_bands("") == {}
    assert parsing.price_bands("BTC/VES=1e6:1e9,usdt/bob=7:7") == {
        Pair("BTC", "VES"): Band(1e6, 1e9),
        Pair("USDT", "BOB"): Band(7.0, 7.0),
    }


@pytest.mark.parametrize(
    ("text", "lapse"),
    [
        ("1", Lapse(1.0, None)),
        ("1000", Lapse(1000.0, None)),
        ("60@2026-01-01T00:00:00Z", Lapse(60.0, datetime(2026, 1, 1, tzinfo=UTC))),
        ("2.5@2026-01-01T02:00:00+02:00", Lapse(2.5, datetime(2026, 1, 1, tzinfo=UTC))),
    ],
)
def test_lapses(text, lapse):
    assert parsing.lapse(text) == lapse


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [
            parsing.url,
            parsing.words,
            parsing.currency_codes,
            parsing.asset_codes,
            parsing.sides,
            parsing.whole(0, 10),
            parsing.number(0, 10),
            parsing.flag,
            parsing.price_bands,
            parsing.lapse,
        ]
    ),
    st.text(max_size=20) | st.text("USDTVEB/=:@,.0123456789-", max_size=20),
)
def test_any_text_is_a_value_or_a_value_error(parse, text):
    with suppress(ValueError, ArithmeticError):  # what config and scope meet; nothing else
        parse(text)
