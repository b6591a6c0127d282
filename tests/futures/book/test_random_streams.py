"""Books against the plainest book, on random markets whose streams lose, repeat and overlap."""

from hypothesis import given
from hypothesis import strategies as st

from p2p_scrapy.futures.book import Books

LEVELS = 3
SIDE = st.dictionaries(st.integers(1, 12), st.integers(0, 5), max_size=4)
STEPS = st.lists(
    st.tuples(
        SIDE,
        SIDE,
        st.integers(1, 3),  # updates of this symbol alone; other symbols' lie between
        st.sampled_from(["arrives", "arrives", "arrives", "is lost", "comes twice"]),
        st.sampled_from(["", "", "asks", "asks late", "gives up"]),
    ),
    max_size=40,
)


class Exchange:
    """One symbol's true books, one behind each event."""

    def __init__(self, market):
        self._market = market
        self._book = market.PlainBook()
        self.last_id = 0
        self.books = {0: self._sides()}

    def step(self, bids, asks, updates):
        previous, self.last_id = self.last_id, self.last_id + updates
        asks = {price + 100: quantity for price, quantity in asks.items()}
        event = self._market.Event(self.last_id, previous, list(bids.items()), list(asks.items()))
        self._book.apply(event)
        self.books[self.last_id] = self._sides()
        return event

    def snapshot(self, last_id):
        return self._market.snapshot(last_id, *self.books[last_id])

    def _sides(self):
        return self._book.side("bids"), self._book.side("asks")


def pairs(levels):
    return [(int(level["price"]), int(level["quantity"])) for level in levels]


@given(STEPS)
def test_every_row_is_the_truth_and_every_loss_is_told(market, steps):
    exchange = Exchange(market)
    books = Books(LEVELS, notes_each=True)
    seen, lost = 0, []
    told = []
    for bids, asks, updates, fate, question in steps:
        before = exchange.last_id
        event = exchange.step(bids, asks, updates)
        if fate != "is lost":
            if seen and seen < before:
                lost.append((seen, before))
            seen = event.final_id
            arrivals = [event] * (2 if fate == "comes twice" else 1)
            told += books.feed(market.diffs(*arrivals))
        if question and books.next_wanted() is not None:
            if question == "gives up":
                books.give_up("BTCUSDT")
            else:
                answered = before if question == "asks late" else exchange.last_id
                books.offer(exchange.snapshot(answered), 0)
    assert [(each.last_id, each.next_previous_id) for each in told] == lost
    for row in books.rows().to_pylist():
        truth = exchange.books[row["final_update_id"]]
        assert [pairs(row["bids"]), pairs(row["asks"])] == [side[:LEVELS] for side in truth]


@given(st.lists(st.tuples(SIDE, SIDE, st.integers(1, 3)), min_size=1, max_size=20), st.data())
def test_two_cuts_of_the_same_updates_make_one_book(market, steps, data):
    """A hand-over: a second connection ends its events elsewhere, and tells the union of two."""
    exchange = Exchange(market)
    events = [exchange.step(*step) for step in steps]
    books = Books(LEVELS, notes_each=True)
    books.feed(market.diffs(events[0]))
    books.next_wanted()
    assert books.offer(exchange.snapshot(events[0].final_id), 0)
    first = data.draw(st.integers(0, len(events) - 1))
    for one, other in zip(events[first:], events[first + 1 :], strict=False):
        books.feed(market.diffs(*events[1 : first + 1]))
        both = market.Event(
            other.final_id,
            one.previous_id,
            list((dict(one.bids) | dict(other.bids)).items()),
            list((dict(one.asks) | dict(other.asks)).items()),
        )
        assert books.feed(market.diffs(both)) == []
    for row in books.rows().to_pylist():
        truth = exchange.books[row["final_update_id"]]
        assert [pairs(row["bids"]), pairs(row["asks"])] == [side[:LEVELS] for side in truth]
