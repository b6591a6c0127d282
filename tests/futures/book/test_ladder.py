from hypothesis import given
from hypothesis import strategies as st

from p2p_scrapy.futures.book.ladder import ASKS, BIDS, Ladder, Levels

PRICES = st.integers(1, 30)
START = st.dictionaries(PRICES, st.integers(1, 9), max_size=12)
CHANGES = st.lists(st.dictionaries(PRICES, st.integers(0, 9), max_size=6), max_size=12)


def ladder_of(direction, standing, limit):
    best_first = sorted(standing.items(), reverse=direction is BIDS)
    shown = best_first[:limit]
    return Ladder(direction, Levels([p for p, _ in shown], [q for _, q in shown]), limit), shown


@given(st.sampled_from([BIDS, ASKS]), START, CHANGES, st.integers(1, 12), st.integers(1, 30))
def test_a_ladder_is_the_truth_as_far_as_it_is_known(direction, truth, changes, limit, count):
    """The exchange has all levels, the ladder began with the best ``limit`` of them."""
    ladder, shown = ladder_of(direction, truth, limit)
    edge = shown[-1][0] if len(shown) == limit else None
    assert ladder.edge == edge
    for change in changes:
        truth |= change
        ladder.change(Levels(list(change), list(change.values())))
        is_known = (lambda p: p >= edge) if direction is BIDS else (lambda p: p <= edge)
        standing = [
            level for level in truth.items() if level[1] and (edge is None or is_known(level[0]))
        ]
        best = sorted(standing, reverse=direction is BIDS)
        assert len(ladder) == len(best)
        assert list(zip(*ladder.best(count), strict=True)) == best[:count]


def test_what_is_taken_away_need_not_have_stood_there():
    ladder = Ladder(BIDS, Levels([10, 9], [1, 2]), 1000)
    ladder.change(Levels([8, 10], [0, 0]))
    assert ladder.best(5) == Levels([9], [2])
