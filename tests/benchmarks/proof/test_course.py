"""The measurement of ``make proof``, small: sweeps of large books that never rest."""

import pytest

from benchmarks.proof.course import Course, rounds
from benchmarks.proof.figures import cost, figures


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    course = Course(sweeps=36, churn=0.35, pace=2.0, markets=12, ads=5_000, seed=1, budget=100_000)
    return list(rounds(course, tmp_path_factory.mktemp("proof")))


def test_what_calls_itself_complete_is_so(taken):
    told = figures(each for one in taken for each in one.judgements)
    assert told.sweeps >= 36
    assert told.complete > told.sweeps / 2
    assert told.seen >= 0.999
    assert told.strangers == 0
    assert told.false <= 1


def test_books_that_moved_were_read_again(taken):
    told = figures(each for one in taken for each in one.judgements)
    assert set(told.rereads) <= {0, 1, 2}
    assert sum(count for rounds_, count in told.rereads.items() if rounds_) > 0
    assert 1 < cost(taken) < 3
