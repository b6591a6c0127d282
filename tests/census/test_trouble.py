"""What becomes of a question that got no answer."""

from p2p_scrapy.binance import answers, queries
from p2p_scrapy.census import trouble
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.census.checks import look_at_failures
from p2p_scrapy.census.dispatch import Ask


def test_each_kind_of_trouble_has_retries_of_its_own(open_batch):
    batch, ask = open_batch(), Ask(queries.fiat_list())
    errors = [
        answers.TimeoutAnswerError("x"),
        answers.BrokenJsonError("x"),
        answers.TimeoutAnswerError("x"),
        answers.BrokenJsonError("x"),
        answers.ServerError("x"),
    ]
    pauses = [trouble._pause(batch, ask, error) for error in errors]
    assert pauses == [5.0, 1.0, 10.0, None, 60.0]


def test_failures_running_are_told_where_the_last_of_them_was_killed(open_batch, tmp_path):
    Checkpoint(consecutive_failures=4).save(tmp_path)
    batch = open_batch()
    look_at_failures(batch)
    assert batch.alerts.raised == []
    batch.checkpoint.fell_short(failed=True)
    look_at_failures(batch)
    assert batch.alerts.raised == ["5_failures"]
