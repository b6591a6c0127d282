"""Which pages of a sweep are asked for, and what it keeps of them."""

from datetime import timedelta

import pytest

from items import Verdict
from p2p_scrapy.census.open_sweep import HARD_CAP
from p2p_scrapy.census.sweeping import Sweeping
from p2p_scrapy.errors import DiskFullError


def numbers(start, stop):
    return [f"{number:020}" for number in range(start, stop)]


@pytest.mark.parametrize(
    ("total", "pages"),
    [
        (0, []),
        (1, []),
        (20, []),
        (21, [2]),
        (40, [2]),
        (41, [2, 3]),
        (1406, list(range(2, 72))),
        (-5, []),
        (10**12, list(range(2, HARD_CAP + 1))),
    ],
)
def test_pages_that_the_total_calls_for(new_sweep, page, ad, take, total, pages):
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=total))
    assert sweep.further_pages() == pages


def test_a_total_that_grows_calls_for_further_pages(new_sweep, page, ad, take):
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=40))
    sweep.asked.update(sweep.further_pages())
    assert sweep.further_pages() == []
    take(sweep, page([ad("b")], number=2, total=61))
    assert sweep.further_pages() == [3, 4]


def test_a_total_that_shrinks_takes_nothing_back(new_sweep, page, ad, take):
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=61))
    take(sweep, page([ad("b")], number=2, total=1))
    sweep.asked.add(2)
    assert sweep.further_pages() == [3, 4]


def test_an_empty_page_is_the_end(new_sweep, page, ad, take):
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=100))
    sweep.asked.update((2, 3))
    take(sweep, page([], number=3, total=100))
    assert sweep.further_pages() == []
    take(sweep, page([], number=2, total=200))
    assert sweep.further_pages() == []


def test_without_a_total_it_goes_on_page_by_page_until_one_is_empty(new_sweep, page, ad, take):
    sweep, asked = new_sweep(), [1]
    for number in range(1, 4):
        entries = [ad(f"{number}")] if number < 3 else []
        take(sweep, page(entries, number=number))
        further = sweep.further_pages()
        sweep.asked.update(further)
        asked += further
    assert asked == [1, 2, 3]
    sweep.outstanding = 0
    sweep.kept = len(list(sweep.release()))
    row = sweep.close("b")
    assert (row.verdict, row.error) == ("partial", "2 ads seen of None reported")


def test_without_a_total_the_cap_ends_it(new_sweep, page, ad, take):
    sweep = new_sweep(cap=2)
    take(sweep, page([ad("a")]))
    assert sweep.further_pages() == [2]
    sweep.asked.add(2)
    take(sweep, page([ad("b")], number=2))
    assert sweep.further_pages() == []


def test_a_cap_limits_the_pages(new_sweep, page, ad, take):
    sweep = new_sweep(cap=3)
    take(sweep, page([ad("a")], total=1000))
    assert sweep.further_pages() == [2, 3]


@pytest.mark.parametrize(
    ("is_sample", "total", "seen", "verdict"),
    [
        (True, 100, 40, Verdict.COMPLETE),
        (True, 30, 30, Verdict.COMPLETE),
        (True, 100, 39, Verdict.PARTIAL),
        (True, 30, 29, Verdict.PARTIAL),
        (False, 100, 40, Verdict.PARTIAL),
        (False, 30, 30, Verdict.COMPLETE),
    ],
)
def test_a_capped_sample_is_complete_with_what_its_pages_hold(
    new_sweep, read, is_sample, total, seen, verdict
):
    sweep = new_sweep(cap=2, is_sample=is_sample)
    read(sweep, (total, numbers(0, 20)), (total, numbers(20, seen)))
    assert sweep.close("b").verdict == verdict


def test_the_time_of_a_sweep_is_that_of_its_latest_page(new_sweep, page, ad, take, epoch):
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=41, at=3))
    take(sweep, page([ad("b")], number=3, total=41, at=9))
    take(sweep, page([ad("c")], number=2, total=41, at=7))
    sweep.outstanding = 0
    row = sweep.close("b")
    assert row.first_response_at == epoch + timedelta(seconds=3)
    assert row.swept_at == epoch + timedelta(seconds=9)


def test_a_sweep_that_begins_again_forgets_what_it_read(new_sweep, page, ad, take):
    sweep = new_sweep()
    sweep.waited, sweep.rounds = 12.5, 1
    take(sweep, page([ad("old"), ad("p", promoted=True)], number=1, total=45, at=1))
    sweep.begin_again([1, 2, 3])
    assert (sweep.outstanding, sweep.asked, sweep.is_begun) == (3, {1, 2, 3}, False)
    assert (sweep.looks, sweep.passed, sweep.looked_total) == ({}, 0, 45)
    assert (sweep.rereads, sweep.rounds, sweep.waited) == (2, 1, 12.5)
    assert list(sweep.release()) == []
    assert sweep.further_pages() == []


def test_what_was_not_passed_on_counts_as_not_read(new_sweep, page, ad, take):
    sweep = new_sweep()
    sweep.outstanding = 2
    take(sweep, page([ad("a")], total=30))
    sweep.outstanding = 1
    row = sweep.close("b")
    assert (row.verdict, row.error) == ("failed", "the batch ended before 1 of its pages came")
    assert (row.rows, row.unique, row.pages) == (0, 0, 0)


def test_what_finds_no_room_in_the_journal_is_not_passed_on(
    open_batch, new_sweep, page, ad, take, monkeypatch
):
    batch = open_batch()
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=1))

    def full(row):
        raise DiskFullError(f"no room for {row.unique} ad")

    monkeypatch.setattr(batch.journal, "add_read", full)
    assert Sweeping(batch)._page_done(sweep) == []
    row = sweep.close("batch-1")
    assert (row.verdict, row.rows, row.error) == ("failed", 0, "page 1: no room for 1 ad")
