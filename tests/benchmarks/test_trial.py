"""Every contender reads the same ads, and leaves nothing behind."""

import sys
from dataclasses import replace

import pytest

from benchmarks.contenders import BARE, CENSUS, LIMIT, PLAIN
from benchmarks.process import BenchmarkError
from benchmarks.trial import Run


@pytest.mark.parametrize("contender", [CENSUS, BARE, PLAIN, LIMIT], ids=lambda each: each.name)
def test_counts_the_ads_of_all_pages(course, contender):
    with course.errand() as errand:
        run = course.run(contender, errand, latency=0.0)
    assert run.ads == course.book["unique_ads"] >= 90
    assert run.pages == len(course.bodies) >= 5
    assert 0 < run.start_up < run.seconds
    assert run.peak > 1_000_000
    assert not list(course.place.iterdir())


def test_other_ads_than_there_are_do_not_count(course):
    short_sighted = replace(LIMIT, ads=lambda _: 1)
    with course.errand() as errand, pytest.raises(BenchmarkError, match="limit: 1 ads of "):
        course.run(short_sighted, errand, latency=0.0)


def test_a_contender_that_fails_is_told_with_its_last_words(course):
    broken = replace(LIMIT, command=lambda _: [sys.executable, "-c", "raise SystemExit('tired')"])
    with course.errand() as errand, pytest.raises(BenchmarkError, match="ended with 1:\ntired"):
        course.run(broken, errand, latency=0.0)


def test_the_middle_is_of_each_figure_by_itself():
    runs = [Run(each, 1, 5 - each, 7, 20, 40) for each in (4, 1, 2)]
    assert Run.median(runs) == Run(2, 1, 3, 7, 20, 40)
    assert Run.median(runs).pages_per_second == 10
    assert Run.median(runs).started_pages_per_second == 20
