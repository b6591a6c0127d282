from collections import Counter

from p2p_scrapy.census.evidence import Evidence


def test_looks_are_told_in_the_order_of_their_arrival(look):
    looks = [look(["b"], number=1, total=8, at=5), look(["a"], number=2, total=9, at=3)]
    evidence = Evidence.of(looks)
    assert evidence.totals == [9, 8]
    assert (evidence.first_at, evidence.last_at) == (
        looks[1].page.observed_at,
        looks[0].page.observed_at,
    )


def test_nothing_at_all():
    evidence = Evidence.of([])
    assert (evidence.totals, evidence.rows, evidence.unique) == ([], 0, 0)
    assert (evidence.first_at, evidence.last_at, list(evidence.entries())) == (None, None, [])


def test_entries_come_in_the_order_of_the_book(look):
    evidence = Evidence.of([look(["c"], number=2, at=1), look(["a", "b"], number=1, at=2)])
    assert [each.adv_no for each in evidence.entries()] == ["a", "b", "c"]


def test_of_an_ad_that_came_twice_the_first_row_in_the_book_comes_first(look, ad):
    newer, older = ad("a", price=2.0), ad("a", price=1.0)
    evidence = Evidence.of([look([newer], number=2, at=9), look([older, "b"], number=1, at=3)])
    passed = list(evidence.entries())
    assert [each.adv_no for each in passed] == ["a", "b", "a"]
    assert passed[0] is older
    assert passed[2] is newer
    assert [(each.former, each.latter) for each in evidence.repetitions] == [(older, newer)]
    assert (evidence.unique, evidence.rows) == (2, 3)


def test_what_has_no_number_is_seen_one_by_one(look, ad, unreadable):
    evidence = Evidence.of([look([ad(None), ad(""), unreadable])])
    assert (evidence.anonymous, evidence.unique) == (3, 3)
    assert len(list(evidence.entries())) == 3


def test_the_promotion_of_an_earlier_look_is_forgotten(look, ad):
    """A natural row is marked when it is passed on, by the look at page 1 that counts."""
    natural = look([ad("p")], number=2, at=2)
    with_promotion = look([ad("p", promoted=True), "a"], number=1, at=1)
    assert [each.adv_no for each in Evidence.of([with_promotion, natural]).entries()] == ["a", "p"]
    assert natural.page.entries[0].is_promoted
    untouched = look([ad("p")], number=2, at=2)
    Evidence.of([with_promotion, untouched])
    assert not untouched.page.entries[0].is_promoted


def test_a_mark_makes_no_row_an_extra_one(look, ad):
    evidence = Evidence.of([look([ad("p", promoted=True), ad("p"), "a"])])
    first = Counter(each.adv_no for each in evidence.entries())
    assert first == Counter(each.adv_no for each in evidence.entries()) == {"p": 1, "a": 1}


def test_looks_are_alike_by_total_and_places(look):
    same = look(["a", "b"], total=2, at=1)
    assert same.is_like(look(["a", "b"], total=2, at=9))
    assert not same.is_like(look(["a", "b"], total=3, at=1))
    assert not same.is_like(look(["b", "a"], total=2, at=1))
