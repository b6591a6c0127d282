from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from items import Verdict
from p2p_scrapy.census.open_sweep import HARD_CAP


@pytest.fixture(scope="session")
def read(ad, page):
    """Reads pages into a sweep, and lets everything it passes on be kept."""

    def read_pages(sweep, *pages, fate="kept"):
        passed = []
        for number, (total, entries) in enumerate(pages, start=1):
            sweep.asked.add(number)
            built = [ad(each) if isinstance(each, str) else each for each in entries]
            passed += sweep.take(page(built, number=number, total=total, at=number))
        sweep.outstanding = 0
        passed += sweep.release()
        setattr(sweep, fate, getattr(sweep, fate) + len(passed))
        return passed

    return read_pages


def numbers(start, stop):
    return [f"{number:020}" for number in range(start, stop)]


def test_a_book_that_is_read_whole_is_complete(new_sweep, read, epoch):
    sweep = new_sweep()
    passed = read(sweep, (23, numbers(0, 20)), (23, numbers(20, 23)))
    assert [each.adv_no for each in passed] == numbers(0, 23)
    row = sweep.close("batch-1")
    assert (row.verdict, row.error) == ("complete", None)
    assert (row.total_first, row.total_last, row.rows, row.unique) == (23, 23, 23, 23)
    assert (row.promoted, row.duplicates, row.refused, row.pages, row.rereads) == (0, 0, 0, 2, 0)
    assert (row.venue, row.batch_id, row.lane) == ("binance", "batch-1", "direct")
    assert (row.asset, row.fiat, row.side) == ("USDT", "VES", "SELL")
    assert row.started_at == epoch
    assert row.first_response_at == epoch + timedelta(seconds=1)
    assert row.swept_at == epoch + timedelta(seconds=2)


def test_an_empty_book_is_complete(new_sweep, read):
    sweep = new_sweep()
    assert read(sweep, (0, [])) == []
    row = sweep.close("b")
    assert (row.verdict, row.total_first, row.unique, row.pages) == ("complete", 0, 0, 1)


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        ([(2, ["a"])], "1 ads seen of 2 reported"),
        ([(1, ["a", "b"])], "2 ads seen of 1 reported"),
        ([(2, ["a", "b", "a"])], "1 ads came twice"),
        (
            [(2, ["a", "a"])],
            "1 ads seen of 2 reported; 1 ads came twice",
        ),
        (
            [(2, ["a"]), (3, ["b"])],
            "the total changed while it was read: 2, 3",
        ),
        (
            [(3, ["a"]), (2, ["b"])],
            "the total changed while it was read: 2, 3; 2 ads seen of 3 reported",
        ),
        ([(None, ["a"])], "1 ads seen of None reported"),
        (
            [(1, ["a"]), (None, [])],
            "the total changed while it was read: 1, None",
        ),
    ],
)
def test_what_is_no_proof_is_partial_and_says_why(new_sweep, read, pages, error):
    sweep = new_sweep()
    read(sweep, *pages)
    row = sweep.close("b")
    assert (row.verdict, row.error) == ("partial", error)


@pytest.mark.parametrize("totals", [(5, 5, 5), (5, 6, 5), (6, 5, 5), (5, 5, 6)])
@pytest.mark.parametrize("seen", [4, 5, 6])
def test_complete_is_all_totals_equal_and_as_many_seen(new_sweep, read, totals, seen):
    sweep = new_sweep()
    last, *others = totals
    read(sweep, (last, numbers(0, seen)), *((total, []) for total in others))
    is_whole = set(totals) == {5} and seen == 5
    assert (sweep.close("b").verdict == "complete") is is_whole


def test_refused_ads_are_seen(new_sweep, read):
    sweep = new_sweep()
    read(sweep, (2, ["a"]))
    sweep.passed += 1
    sweep.seen.add("b")
    sweep.refused["no_price"] += 1
    row = sweep.close("b")
    assert (row.verdict, row.unique, row.refused) == ("complete", 2, 1)


def test_unreadable_and_nameless_entries_are_seen_one_by_one(new_sweep, read, unreadable, ad):
    sweep = new_sweep()
    entries = ["a", unreadable, unreadable, ad(None), ad(None), ad("")]
    passed = read(sweep, (6, entries))
    row = sweep.close("b")
    assert len(passed) == 6
    assert (row.verdict, row.unique, row.duplicates, row.rows) == ("complete", 6, 0, 6)


def test_ads_that_are_not_accounted_for_are_lost(new_sweep, read):
    sweep = new_sweep()
    read(sweep, (3, ["a", "b", "c"]))
    sweep.kept = 1
    assert not sweep.is_settled
    row = sweep.close("b")
    assert (row.verdict, row.error) == ("partial", "2 ads were lost in the pipelines")


def test_a_sweep_is_settled_when_all_its_ads_have_a_fate(new_sweep, page, ad):
    sweep = new_sweep()
    list(sweep.take(page([ad("a"), ad("b"), ad("c")], total=3)))
    assert (sweep.is_read, sweep.is_settled) == (False, False)
    sweep.outstanding = 0
    assert (sweep.is_read, sweep.is_settled) == (True, False)
    sweep.kept, sweep.repeated = 1, 1
    assert not sweep.is_settled
    sweep.refused["no_price"] += 1
    assert sweep.is_settled


def test_without_an_answer_a_sweep_is_failed(new_sweep):
    sweep = new_sweep()
    sweep.fail(1, "no answer")
    sweep.outstanding = 0
    row = sweep.close("b")
    assert (row.verdict, row.error) == ("failed", "page 1: no answer")
    assert (row.pages, row.total_first, row.total_last, row.first_response_at) == (
        0,
        None,
        None,
        None,
    )
    assert row.swept_at is None


def test_a_failed_page_makes_a_sweep_partial_even_where_the_numbers_agree(new_sweep, read):
    sweep = new_sweep()
    read(sweep, (1, ["a"]))
    sweep.fail(2, "HTTP 500")
    row = sweep.close("b")
    assert (row.verdict, row.error) == ("partial", "page 2: HTTP 500")


def test_pages_that_failed_alike_are_told_together(new_sweep, read):
    sweep = new_sweep()
    read(sweep, (1, ["a"]))
    for page, error in ((2, "HTTP 500"), (3, "cut"), (4, "HTTP 500"), (5, "HTTP 500")):
        sweep.fail(page, error)
    assert sweep.close("b").error == "pages 2, 4, 5: HTTP 500; page 3: cut"


# Promoted ads


def test_a_promoted_ad_that_stands_nowhere_else_is_passed_on_at_the_end(new_sweep, read, ad):
    sweep = new_sweep()
    promoted = ad("p", promoted=True)
    passed = read(sweep, (2, [promoted, "a", "b"]))
    assert [each.adv_no for each in passed] == ["a", "b", "p"]
    assert passed[-1] is promoted
    row = sweep.close("b")
    assert (row.verdict, row.rows, row.unique, row.promoted) == ("complete", 3, 2, 1)


@pytest.mark.parametrize("natural_page", [1, 2])
def test_a_promoted_ad_gives_way_to_its_natural_row(new_sweep, read, ad, natural_page):
    sweep = new_sweep()
    natural = ad("p", rank=7)
    pages = {1: [ad("p", promoted=True), "a"], 2: ["b"]}
    pages[natural_page].append(natural)
    passed = read(sweep, (3, pages[1]), (3, pages[2]))
    assert len(passed) == 3
    (kept,) = (each for each in passed if each.adv_no == "p")
    assert kept is natural
    assert (kept.is_promoted, kept.rank) == (True, 7)
    row = sweep.close("b")
    assert (row.verdict, row.promoted, row.duplicates, row.unique) == ("complete", 1, 0, 3)


def test_the_natural_row_is_kept_in_every_order_of_the_rows(new_sweep, read, ad):
    for order in permutations(["promoted", "natural", "a", "b"]):
        sweep = new_sweep()
        made = {"promoted": ad("p", promoted=True), "natural": ad("p", rank=7)}
        passed = read(sweep, (3, [made.get(each, each) for each in order]))
        assert sorted(each.adv_no for each in passed) == ["a", "b", "p"]
        assert any(each is made["natural"] for each in passed)
        assert sweep.close("b").verdict == "complete"


def test_the_natural_row_is_marked_where_the_promoted_one_comes_after_it(new_sweep, read, ad):
    passed = read(new_sweep(), (1, [ad("p", rank=1), ad("p", promoted=True)]))
    assert [(each.rank, each.is_promoted) for each in passed] == [(1, True)]


def test_an_ad_promoted_twice_is_passed_on_once(new_sweep, read, ad):
    sweep = new_sweep()
    passed = read(sweep, (1, [ad("p", promoted=True), ad("p", promoted=True), "a"]))
    assert [each.adv_no for each in passed] == ["a", "p"]
    row = sweep.close("b")
    assert (row.verdict, row.promoted) == ("complete", 2)


def test_promoted_ads_without_a_number_are_all_passed_on(new_sweep, read, ad):
    passed = read(new_sweep(), (0, [ad(None, promoted=True), ad(None, promoted=True)]))
    assert len(passed) == 2


def test_a_promoted_ad_counts_in_no_total(new_sweep, read, ad):
    sweep = new_sweep()
    read(sweep, (1, [ad("p", promoted=True)]))
    assert sweep.close("b").error == "0 ads seen of 1 reported"


def test_promoted_ads_are_released_once(new_sweep, read, ad):
    sweep = new_sweep()
    assert len(read(sweep, (0, [ad("p", promoted=True)]))) == 1
    assert list(sweep.release()) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=8), max_size=4)
)
def test_every_ad_is_passed_on_and_promoted_ones_once(new_sweep, read, ad, pages):
    sweep = new_sweep()
    built = [(None, [ad(no, promoted=promoted) for no, promoted in entries]) for entries in pages]
    rows = [(no, promoted) for entries in pages for no, promoted in entries]
    naturals = Counter(no for no, promoted in rows if not promoted)
    extra = {no for no, promoted in rows if promoted} - naturals.keys()
    passed = read(sweep, *built)
    assert Counter(each.adv_no for each in passed) == naturals + Counter(extra)
    assert sweep.unique == len(naturals)
    assert sweep.duplicates == naturals.total() - len(naturals)
    assert sweep.promoted == len(rows) - naturals.total()
    assert sweep.is_settled


# Which pages to ask for


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
def test_pages_that_the_total_calls_for(new_sweep, page, ad, total, pages):
    sweep = new_sweep()
    list(sweep.take(page([ad("a")], total=total)))
    assert sweep.further_pages() == pages


def test_a_total_that_grows_calls_for_further_pages(new_sweep, page, ad):
    sweep = new_sweep()
    list(sweep.take(page([ad("a")], total=40)))
    sweep.asked.update(sweep.further_pages())
    assert sweep.further_pages() == []
    list(sweep.take(page([ad("b")], number=2, total=61)))
    assert sweep.further_pages() == [3, 4]


def test_a_total_that_shrinks_takes_nothing_back(new_sweep, page, ad):
    sweep = new_sweep()
    list(sweep.take(page([ad("a")], total=61)))
    list(sweep.take(page([ad("b")], number=2, total=1)))
    sweep.asked.add(2)
    assert sweep.further_pages() == [3, 4]


def test_an_empty_page_is_the_end(new_sweep, page, ad):
    sweep = new_sweep()
    list(sweep.take(page([ad("a")], total=100)))
    sweep.asked.update((2, 3))
    list(sweep.take(page([], number=3, total=100)))
    assert sweep.further_pages() == []
    list(sweep.take(page([], number=2, total=200)))
    assert sweep.further_pages() == []


def test_without_a_total_it_goes_on_page_by_page_until_one_is_empty(new_sweep, page, ad):
    sweep, asked = new_sweep(), [1]
    for number in range(1, 4):
        entries = [ad(f"{number}")] if number < 3 else []
        passed = list(sweep.take(page(entries, number=number)))
        sweep.kept += len(passed)
        further = sweep.further_pages()
        sweep.asked.update(further)
        asked += further
    assert asked == [1, 2, 3]
    sweep.outstanding = 0
    row = sweep.close("b")
    assert (row.verdict, row.error) == ("partial", "2 ads seen of None reported")


def test_without_a_total_the_cap_ends_it(new_sweep, page, ad):
    sweep = new_sweep(cap=2)
    list(sweep.take(page([ad("a")])))
    assert sweep.further_pages() == [2]
    sweep.asked.add(2)
    list(sweep.take(page([ad("b")], number=2)))
    assert sweep.further_pages() == []


def test_a_cap_limits_the_pages(new_sweep, page, ad):
    sweep = new_sweep(cap=3)
    list(sweep.take(page([ad("a")], total=1000)))
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


def test_the_time_of_a_sweep_is_that_of_its_latest_page(new_sweep, page, ad, epoch):
    sweep = new_sweep()
    list(sweep.take(page([ad("a")], total=41, at=3)))
    list(sweep.take(page([ad("b")], number=3, total=41, at=9)))
    list(sweep.take(page([ad("c")], number=2, total=41, at=7)))
    row = sweep.close("b")
    assert row.first_response_at == epoch + timedelta(seconds=3)
    assert row.swept_at == epoch + timedelta(seconds=9)


def test_a_sweep_that_begins_again_forgets_what_it_read(new_sweep, page, ad):
    sweep = new_sweep()
    sweep.waited = 12.5
    looked_at = page([ad("old"), ad("p", promoted=True)], number=1, total=45, at=1)
    assert len(list(sweep.take(looked_at))) == 1
    sweep.begin_again([1, 2, 3])
    assert (sweep.outstanding, sweep.asked, sweep.is_begun) == (3, {1, 2, 3}, False)
    assert (sweep.rows, sweep.unique, sweep.passed, sweep.promoted) == (0, 0, 0, 0)
    assert (sweep.rereads, sweep.waited) == (1, 12.5)
    assert list(sweep.release()) == []
    assert sweep.further_pages() == []
