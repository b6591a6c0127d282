"""What of a sweep is read again, and what that makes of it."""

from datetime import timedelta

import pytest

from p2p_scrapy.census.open_sweep import HARD_CAP


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
