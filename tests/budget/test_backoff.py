import pytest

from p2p_scrapy.binance import answers
from p2p_scrapy.budget.backoff import next_pause


def pauses(error, retries):
    """Every pause until the question is given up."""
    found = []
    while (pause := next_pause(error, len(found), retries)) is not None:
        found.append(pause)
        assert len(found) < 30
    return found


@pytest.mark.parametrize(
    ("error", "retries", "expected"),
    [
        (answers.TimeoutAnswerError, 3, [5.0, 10.0, 20.0]),
        (answers.LinkError, 3, [30.0, 60.0, 120.0]),
        (answers.ServerError, 3, [60.0, 60.0, 60.0]),
        (answers.PageLostError, 3, [1.0, 2.0, 4.0]),
        (answers.BrokenJsonError, 3, [1.0]),
        (answers.BusinessError, 3, [1.0]),
        (answers.ApiChangedError, 3, []),
        (answers.CountryRefusedError, 3, []),
        (answers.BlockedError, 3, []),
        (answers.RateLimitedError, 3, []),
        (answers.ExchangeError, 3, []),
        (answers.TimeoutAnswerError, 0, []),
        (answers.LinkError, 1, [30.0]),
        (answers.ServerError, 5, [60.0] * 5),
        (answers.BrokenJsonError, 0, [1.0]),
        (answers.BusinessError, 20, [1.0]),
    ],
)
def test_the_table_of_pauses(error, retries, expected):
    assert pauses(error("x"), retries) == expected
