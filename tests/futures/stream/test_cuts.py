"""Time-lapse in which no connection lives longer than a few seconds."""

import signal
from collections import Counter

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.exchange.futures.stream.options import StreamOptions

LAPSE = 60
CUT_SECONDS = 5
MINUTES_SECONDS = 120
HOUR_SECONDS = 3600


@pytest.mark.parametrize(
    "seconds", [MINUTES_SECONDS, pytest.param(HOUR_SECONDS, marks=pytest.mark.long)]
)
def test_every_record_between_cuts_is_stored_once_or_inside_a_gap(
    seconds, scrapy_command, stream_of, stored, judge, wait_until, tmp_path
):
    options = ExchangeOptions(
        ads=0, markets=1, time_lapse=LAPSE, streams=StreamOptions(cut=CUT_SECONDS)
    )
    with running_exchange(options) as exchange:
        log = tmp_path / "log"  # a pipe that nobody reads would stop it after 64 kB
        process = scrapy_command(*stream_of(exchange, "--logfile", str(log), lapse=str(LAPSE)))
        wait_until(lambda: exchange.futures_seconds() >= seconds, seconds=900)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert (process.returncode, "Traceback" in log.read_text()) == (0, False)
        judge(exchange)
    trades = Counter(gap["healed"] for gap in stored.gaps("trades", "BTCUSDT"))
    assert trades[True] > 1
