"""What the API road and the browser road both take for a challenge."""

import pytest

from p2p_scrapy.binance import answers
from p2p_scrapy.binance.answers import ChallengedError, ExchangeError
from p2p_scrapy.binance.challenge import is_challenge


@pytest.mark.parametrize("body", [b"", b"<html>", b" <!DOCTYPE html>", b'{"success":true}'])
def test_it_is_what_an_answer_is_read_as(body, now):
    for status in range(100, 600):
        with pytest.raises(ExchangeError) as caught:
            answers.read(status, {}, body, now)
        assert is_challenge(status, body) == (type(caught.value) is ChallengedError), status
