"""The spider as a person meets it: refusals, signals, a full disk."""

import signal

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange


@pytest.fixture
def exchange():
    with running_exchange(ExchangeOptions(ads=0, markets=1, time_lapse=10)) as exchange:
        yield exchange


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["-a", "symbols="], "argument symbols is ''"),
        (["-O", "trades.csv"], "binance_futures_stream has no items for a feed"),
        (["-s", "FUTURES_WS_URL=https://host"], "setting FUTURES_WS_URL is 'https://host'"),
        (["-s", "FUTURES_WS_URL=ws://host"], "setting P2P_TIME_LAPSE is 10.0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(more, told, scrapy, stream_of, exchange):
    run = scrapy(*stream_of(exchange, *more, lapse="10"))
    assert run.returncode == 2
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_a_second_stream_in_the_same_folder_is_refused(
    scrapy, scrapy_command, stream_of, exchange, wait_until
):
    first = scrapy_command(*stream_of(exchange, lapse="10"))
    wait_until(lambda: exchange.futures_connections() >= 2)
    second = scrapy(*stream_of(exchange, lapse="10"))
    assert second.returncode == 4
    assert "a stream is running in" in second.stderr
    first.send_signal(signal.SIGINT)
    _, err = first.communicate(timeout=60)
    assert (first.returncode, "Traceback" in err) == (0, False)


def test_usr1_stores_the_books_at_once(scrapy_command, stream_of, exchange, stored, wait_until):
    process = scrapy_command(
        *stream_of(
            exchange, "-s", "FUTURES_BOOK_INTERVAL_SECONDS=86400", "-s", "STREAM_FLUSH_SECONDS=2",
            lapse="10",
        )
    )  # fmt: skip
    wait_until(lambda: stored.files("diffs"))
    before = len(stored.rows("book"))
    process.send_signal(signal.SIGUSR1)
    wait_until(lambda: len(stored.rows("book")) > before)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_full_disk_ends_it_with_what_is_safe(scrapy_command, stream_of, exchange, small_disk):
    process = scrapy_command(*stream_of(exchange, lapse="10"), P2P_DATA_DIR=str(small_disk))
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "no space left" in err
    assert "Traceback" not in err
