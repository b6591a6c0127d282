import re

import pytest

from p2p_scrapy.exchange.admission import COOKIE, answer

PAGE = "/en/trade/all-payments/USDT"


def token_of(page):
    riddle = re.search(r'riddle = "([0-9a-f]{16})"', page.body.decode())[1]
    return f"{riddle}.{answer(riddle)}"


def test_everyone_is_let_in_by_default(open_exchange):
    asker = open_exchange()
    assert asker.search().status == 200
    assert asker.get(PAGE).headers["Content-Type"].startswith("text/html")


def test_whoever_did_not_run_the_script_is_challenged(open_exchange):
    asker = open_exchange(admit="browsers")
    page = asker.get(PAGE)
    assert token_of(page) not in page.body.decode()  # it has to be worked out
    refused = asker.search()
    assert refused.status == 403
    assert refused.headers["Content-Type"].startswith("text/html")
    fiats = asker.post("/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list", {})
    assert fiats.status == 403
    assert asker.exchange.requests()["by_status"] == {"403": 2}


def ask(asker, token):
    path = "/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list"
    return asker.post(path, {}, Cookie=f"{COOKIE}={token}").status


def test_a_token_lets_in_until_the_admission_changes(open_exchange):
    asker = open_exchange(admit="browsers")
    tokens = [token_of(asker.get(PAGE)) for _ in range(2)]
    assert tokens[0] != tokens[1]
    assert [ask(asker, token) for token in tokens] == [200, 200]
    asker.post("/exchange/options", {"admit": "browsers"})
    assert [ask(asker, token) for token in tokens] == [403, 403]
    assert ask(asker, token_of(asker.get(PAGE))) == 200
    assert asker.exchange.requests()["pages"] == 3


@pytest.mark.parametrize("token", ["", "0123456789abcdef.811c9dc5"])
def test_a_token_that_was_never_given_out_lets_nobody_in(open_exchange, token):
    assert ask(open_exchange(admit="browsers"), token) == 403


def test_the_page_is_at_every_language_and_asset(open_exchange):
    asker = open_exchange()
    assert asker.get("/es-LA/trade/all-payments/BTC?fiat=VES").status == 200
    assert asker.get("/en/other").status == 404
