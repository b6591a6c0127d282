import threading
import time
from contextlib import closing
from http.client import HTTPConnection, RemoteDisconnected
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running, running_exchange


def test_listens_within_the_block_and_leaves_no_thread():
    with running_exchange(ExchangeOptions(markets=1, ads=5)) as exchange:
        with urlopen(f"{exchange.url}/exchange/book") as answer:
            assert answer.status == 200
        assert len(exchange.world.ads) == 5
    assert not any(thread.name == "exchange" for thread in threading.enumerate())
    with pytest.raises(URLError):
        urlopen(exchange.url)


def test_ends_soon_while_somebody_waits_for_an_answer():
    options = ExchangeOptions(markets=1, ads=5, faults=("timeout=1",))
    body = b'{"fiat":"VND","asset":"USDT","tradeType":"BUY","page":1,"rows":20}'
    asked = threading.Event()
    seen = []

    def wait(url):
        with closing(HTTPConnection(urlsplit(url).netloc, timeout=10)) as line:
            line.request("POST", "/bapi/c2c/v2/friendly/c2c/adv/search", body)
            asked.set()
            try:
                line.getresponse()
            except OSError as error:
                seen.append(type(error))

    with running_exchange(options) as exchange:
        waiting = threading.Thread(target=wait, args=(exchange.url,))
        waiting.start()
        asked.wait(5)
        while not exchange.requests()["search"]:
            time.sleep(0.01)
        stopped_at = time.monotonic()
    waiting.join()
    assert time.monotonic() - stopped_at < 3
    assert seen == [RemoteDisconnected]


def test_an_address_that_cannot_be_had_is_told_to_the_one_who_starts(monkeypatch):
    monkeypatch.setattr(running, "_HOST", "192.0.2.1")
    with (
        pytest.raises(Exception, match=r"cannot listen on 192\.0\.2\.1:0"),
        running_exchange(ExchangeOptions(markets=1, ads=1)),
    ):
        pass
