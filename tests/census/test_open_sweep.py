"""What a sweep proves, and what of it is passed on."""

from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


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
    read(sweep, (2, ["a", "b"]))
    sweep.kept -= 1
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


def test_a_sweep_is_settled_when_all_its_ads_have_a_fate(new_sweep, page, ad, take):
    sweep = new_sweep()
    take(sweep, page([ad("a"), ad("b"), ad("c")], total=3))
    assert (sweep.is_read, sweep.is_settled) == (False, False)
    sweep.outstanding = 0
    assert len(list(sweep.release())) == 3
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
    assert sweep.evidence.unique == len(naturals)
    assert len(sweep.evidence.repetitions) == naturals.total() - len(naturals)
    assert sweep.evidence.promoted == len(rows) - naturals.total()
    assert sweep.is_settled
