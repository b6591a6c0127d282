import pytest

from p2p_scrapy.arguments import contracts, read, typed
from p2p_scrapy.errors import ArgumentError, UsageError

KNOWN = {"symbols": (contracts, "symbols"), "depth": (int, "a whole number")}


def test_values_come_from_texts():
    assert read({"symbols": " btcusdt,ETHUSDT ", "depth": "5"}, KNOWN) == {
        "symbols": ("BTCUSDT", "ETHUSDT"),
        "depth": 5,
    }


def test_what_scrapyd_adds_is_nobodys_argument():
    assert typed({"_job": "1", "_version": "r1", "depth": 5}) == {"depth": "5"}


def test_a_name_that_is_unknown_is_said_before_any_value():
    with pytest.raises(UsageError, match=r"no argument 'symbol'; did you mean symbols\? \(known"):
        read({"symbols": "", "symbol": "BTCUSDT"}, KNOWN)


@pytest.mark.parametrize("text", ["", " ", "BTC/USDT", "A", "x" * 41, "BTCUSDT,,ETH USDT"])
def test_what_is_no_contract_is_refused(text):
    with pytest.raises(ArgumentError, match="argument symbols is"):
        read({"symbols": text}, KNOWN)
