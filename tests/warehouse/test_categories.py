"""The kinds of payment methods, against every method that was recorded."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from p2p_scrapy.warehouse import categories
from p2p_scrapy.warehouse.categories import category_of

CAPTURES = Path(__file__).parents[3] / "shared" / "captures" / "p2p"


def identifiers_in(value):
    """Every identifier of a trade method anywhere in an answer; some stand in JSON as text."""
    if isinstance(value, dict):
        if "identifier" in value and "tradeMethodName" in value:
            yield value["identifier"]
        value = list(value.values())
    if isinstance(value, str) and value[:1] in {"{", "["}:
        value = [json.loads(value)]
    if isinstance(value, list):
        for each in value:
            yield from identifiers_in(each)


@pytest.fixture(scope="module")
def recorded():
    if not CAPTURES.exists():
        pytest.skip("the recordings are not here")
    return {
        identifier
        for path in CAPTURES.glob("*.jsonl.gz")
        for line in gzip.decompress(path.read_bytes()).splitlines()
        for identifier in identifiers_in(json.loads(line))
    }


def test_every_recorded_method_is_in_the_table(recorded):
    keys = {categories._key(code) for _, code in categories.listed()}
    assert len(recorded) == 68
    assert {code for code in recorded if categories._key(code) not in keys} == set()


def test_every_recorded_bank_is_a_bank_transfer(recorded):
    banks = {code for code in recorded if "ban" in code.lower()}
    assert len(banks) > 30
    assert {category_of(code) for code in banks} == {"bank_transfer"}


def test_every_code_of_a_bank_is_a_bank_transfer():
    named = {code for category, code in categories.listed() if category != "bank_transfer"}
    assert {code for code in named if "bank" in code.lower()} == {"PagBank"}


def test_no_code_stands_twice():
    counts = Counter(categories._key(code) for _, code in categories.listed())
    assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("category", "codes"),
    [
        (
            "bank_transfer",
            "BANK SpecificBank Banesco Mercantil BancoDeVenezuela TinkoffNew UPI PIX",
        ),
        ("mobile", "PagoMovil MTNMobileMoney Mpesa OrangeMoney bKash TigoMoney YappyPanama"),
        ("e_wallet", "Wise Revolut AirTM QIWI MercadoPagoNew Nequi Paytm Gcash WECHAT Zinli"),
        ("cash", "CashInPerson CashDeposit WesternUnion MoneyGram"),
        ("card", "UnionPay Humo"),
        ("other", "AmazonGiftCard"),
    ],
)
def test_well_known_methods(category, codes):
    assert {category_of(code) for code in codes.split()} == {category}


@pytest.mark.parametrize("code", ["", "NoSuchMethod", "NoSuchBank", "银行"])
def test_unknown_is_other(code):
    assert category_of(code) == "other"


@pytest.mark.parametrize("code", ["Akbank", "AkBank", "AKBANK", "Ak Bank"])
def test_spelling_does_not_matter(code):
    assert category_of(code) == "bank_transfer"
