from datetime import timedelta

import pytest

from p2p_scrapy.census.doubt import newcomers, out_of_date
from p2p_scrapy.census.evidence import Evidence


@pytest.fixture(scope="session")
def evidence(look):
    """Looks at pages 1, 2, ... or as said, each a second after the one before it."""

    def build(*looks):
        return Evidence.of(
            look(entries, total=total, number=number or at, at=at)
            for at, (total, entries, number) in enumerate(
                ((*each, None) if len(each) == 2 else each for each in looks), start=1
            )
        )

    return build


def test_a_book_that_stood_still_is_not_in_doubt(evidence):
    assert out_of_date(evidence((3, ["a"]), (3, ["b"]), (3, ["c"])), 3) == []


@pytest.mark.parametrize(
    ("totals", "pages"),
    [
        ((4, 4, 3), [1, 2]),
        ((4, 3, 3), [1]),
        ((3, 4, 3), [1, 2]),
        ((3, 3, None), [1, 2]),
    ],
)
def test_what_came_before_the_last_change_of_the_total_is_in_doubt(evidence, totals, pages):
    looks = zip(totals, (["a"], ["b"], ["c"]), strict=True)
    assert out_of_date(evidence(*looks), 3) == pages


def test_it_is_the_time_that_counts_and_not_the_place(evidence):
    assert out_of_date(evidence((4, ["c"], 3), (3, ["a"], 1), (3, ["b"], 2)), 3) == [3]


def test_an_ad_that_came_again_puts_what_came_before_it_in_doubt(evidence):
    seen = evidence((4, ["a"]), (4, ["b", "c"]), (4, ["a"]), (4, ["d"]))
    assert out_of_date(seen, 4) == [1, 2]


def test_an_ad_that_came_twice_on_a_page_says_nothing_of_when(evidence):
    assert out_of_date(evidence((3, ["a"]), (3, ["b", "b"])), 3) == [1, 2]


def test_counts_that_disagree_put_everything_in_doubt(evidence):
    assert out_of_date(evidence((3, ["a"]), (3, ["b"])), 3) == [1, 2]
    assert out_of_date(evidence((1, ["a"]), (1, ["b"])), 1) == [1, 2]


def test_a_sample_is_as_large_as_expected(evidence):
    assert out_of_date(evidence((99, ["a"]), (99, ["b"])), 2) == []


@pytest.mark.parametrize(
    ("placed", "pages"),
    [
        (0.6, []),  # before anything was asked
        (0.8, [1]),  # after page 1 was asked, which comes at 1
        (1.5, [1]),
        (1.8, [1, 2]),
        (2.8, [1, 2]),  # its own page is not in doubt
        (3.9, [1, 2]),  # as far as two clocks may differ
        (4.1, []),  # our clock is wrong
    ],
)
def test_looks_that_are_older_than_an_ad_are_in_doubt(evidence, ad, epoch, placed, pages):
    young = ad("c", ad_created_at=epoch + timedelta(seconds=placed))
    seen = evidence((3, ["a"]), (3, ["b"]), (3, [young]))
    assert out_of_date(seen, 3) == pages
    assert newcomers(seen) == bool(pages)


def test_an_ad_that_is_alone_on_its_page_is_in_nobodys_way(evidence, ad, epoch):
    young = ad("a", ad_created_at=epoch + timedelta(seconds=0.9))
    assert out_of_date(evidence((1, [young])), 1) == []


def test_ads_without_a_time_and_unreadable_ones_are_of_no_age(evidence, unreadable):
    assert out_of_date(evidence((2, ["a"]), (2, [unreadable])), 2) == []
