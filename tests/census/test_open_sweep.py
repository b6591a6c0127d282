from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from items import Verdict
from p2p_scrapy.census.open_sweep import HARD_CAP


@pytest.fixture(scope="session")
def read(ad, page, take):
    """Reads pages into a sweep, and lets everything it passes on be kept."""

    def read_pages(sweep, *pages, fate="kept"):
        for number, (total, entries) in enumerate(pages, start=1):
            sweep.asked.add(number)
            built = [ad(each) if isinstance(each, str) else each for each in entries]
            take(sweep, page(built, number=number, total=total, at=number))
        sweep.outstanding = 0
        passed = list(sweep.release())
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


# What is read again


@pytest.fixture
def shifted(new_sweep, page, ad, take):
    """A sweep of two pages, between which the total has changed."""
    sweep = new_sweep()
    sweep.asked.update((1, 2))
    take(sweep, page([ad("a")], number=1, total=22, at=1))
    take(sweep, page([ad("b")], number=2, total=21, at=2))
    sweep.outstanding = 0
    return sweep


def test_a_round_makes_a_sweep_unread_until_its_pages_come(shifted):
    assert shifted.pages_in_doubt() == [1]
    shifted.begin_round([1])
    assert (shifted.is_read, shifted.outstanding, shifted.rereads) == (False, 1, 1)


def test_a_second_look_replaces_the_first_as_a_whole(new_sweep, page, ad, take):
    sweep = new_sweep()
    sweep.asked.update((1, 2))
    take(sweep, page([ad("gone"), ad("a", price=1.0)], number=1, total=4, at=1))
    take(sweep, page([ad("b")], number=2, total=3, at=2))
    sweep.begin_round([1])
    take(sweep, page([ad("a", price=2.0), ad("c")], number=1, total=3, at=3))
    sweep.outstanding = 0
    assert sweep.pages_in_doubt() == []
    assert [(each.adv_no, each.price) for each in sweep.release()] == [
        ("a", 2.0),
        ("c", None),
        ("b", None),
    ]
    sweep.kept = 3
    row = sweep.close("b")
    assert (row.verdict, row.error, row.rereads, row.pages) == ("complete", None, 1, 2)
    assert (row.total_first, row.total_last, row.rows, row.unique) == (3, 3, 3, 3)


def test_the_times_of_a_sweep_are_those_of_the_looks_that_count(shifted, page, ad, take, epoch):
    shifted.begin_round([1])
    take(shifted, page([ad("a")], number=1, total=21, at=5))
    shifted.outstanding = 0
    row = shifted.close("b")
    assert row.first_response_at == epoch + timedelta(seconds=2)
    assert row.swept_at == epoch + timedelta(seconds=5)


def test_after_two_rounds_it_stays_partial_and_says_why(shifted, page, ad, take):
    for at, total in ((3, 20), (4, 19)):
        assert shifted.pages_in_doubt()
        shifted.begin_round([1, 2])
        take(shifted, page([ad("a")], number=1, total=total + 1, at=at))
        take(shifted, page([ad("b")], number=2, total=total, at=at + 0.5))
        shifted.outstanding = 0
    assert shifted.pages_in_doubt() == []
    shifted.kept = len(list(shifted.release()))
    row = shifted.close("b")
    assert (row.verdict, row.rereads) == ("partial", 2)
    assert row.error == (
        "the total changed while it was read: 19, 20; 2 ads seen of 20 reported; read again twice"
    )


def test_a_round_that_shows_the_same_is_the_last(new_sweep, page, ad, take):
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=2, at=1))
    sweep.outstanding = 0
    assert sweep.pages_in_doubt() == [1]
    sweep.begin_round([1])
    take(sweep, page([ad("a", price=2.0)], total=2, at=2))  # another price is not another place
    sweep.outstanding = 0
    assert sweep.pages_in_doubt() == []
    sweep.kept = len(list(sweep.release()))
    assert sweep.close("b").error == "1 ads seen of 2 reported; read again once"


def test_a_page_that_failed_in_a_round_keeps_its_former_look(shifted):
    shifted.begin_round([1])
    shifted.fail(1, "HTTP 500")
    shifted.outstanding = 0
    assert shifted.pages_in_doubt() == []
    assert [each.adv_no for each in shifted.release()] == ["a", "b"]


@pytest.mark.parametrize(
    ("of_sweep", "total", "entries"),
    [({}, None, ["a"]), ({}, HARD_CAP * 20 + 1, ["a"]), ({"cap": 1}, 21, ["a"])],
    ids=["no total", "a book beyond the cap", "a book beyond a smaller cap"],
)
def test_what_no_round_could_prove_is_not_read_again(
    new_sweep, page, ad, take, of_sweep, total, entries
):
    sweep = new_sweep(**of_sweep)
    take(sweep, page([ad(each) for each in entries], total=total))
    sweep.outstanding = 0
    assert sweep.pages_in_doubt() == []


def test_a_sweep_without_an_answer_is_not_read_again(new_sweep):
    sweep = new_sweep()
    sweep.outstanding = 0
    assert sweep.pages_in_doubt() == []


def test_a_page_that_failed_is_no_reason_to_read_the_others_again(new_sweep, page, ad, take):
    sweep = new_sweep()
    take(sweep, page([ad("a")], total=21))
    sweep.fail(2, "HTTP 500")
    sweep.outstanding = 0
    assert sweep.pages_in_doubt() == []


def test_ads_that_entered_meanwhile_are_a_shortcoming(new_sweep, page, ad, take, epoch):
    sweep = new_sweep()
    sweep.asked.add(2)
    take(sweep, page([ad("a")], number=1, total=2, at=1))
    placed = {"ad_created_at": epoch + timedelta(seconds=1.2)}
    take(sweep, page([ad("b", **placed)], number=2, total=2, at=2))
    sweep.outstanding = 0
    assert sweep.pages_in_doubt() == [1]
    sweep.kept = len(list(sweep.release()))
    assert sweep.close("b").error == "1 ads entered while it was read"
