import pytest

from items import Market, Side
from p2p_scrapy.census import checks
from p2p_scrapy.census.market_history import MarketHistory, MarketsFile
from p2p_scrapy.census.outcome import record_of
from p2p_scrapy.census.scope import Scope

VES, BOB = Market("USDT", "VES", Side.BUY), Market("USDT", "BOB", Side.SELL)
GONE = "no longer listed, with the ads of their last complete sweep"


@pytest.fixture
def batch(open_batch, clock):
    """A batch that knows a book of VES with 143 ads and one of BOB with 20, and lists neither."""
    batch = open_batch()
    batch.history.through = clock.now()
    batch.history.markets = {
        VES: MarketHistory(complete_unique=143),
        BOB: MarketHistory(complete_unique=20),
    }
    batch.listed = frozenset()
    return batch


@pytest.fixture
def told(batch, clock):
    """What a look at the batch raises of lost books."""

    def look(**scope):
        batch.scope = Scope(**scope)
        raised = []
        batch.alerts.raised.clear()
        batch.alerts.on_raised[:] = [lambda kind, error: raised.append((kind, error))]
        checks.look_at(batch, record_of(batch, clock.now()))
        return [error for kind, error in raised if kind == "empty_market"]

    return look


def test_a_book_that_is_listed_no_more_is_an_alarm(told):
    assert told() == [f"{GONE}: USDT/VES BUY (143), USDT/BOB SELL (20)"]


def test_it_is_told_with_what_is_empty(told, batch, new_sweep, read):
    batch.listed = frozenset({BOB})
    sweep = new_sweep(market=BOB)
    read(sweep, (0, []))
    batch.ledger.rows.append(sweep.close(batch.id))
    assert told() == [f"empty, and were not before: USDT/BOB SELL; {GONE}: USDT/VES BUY (143)"]


def test_it_is_told_once_and_the_next_batch_knows_that(told, batch, tmp_path, clock):
    assert told()
    assert told() == []
    kept = MarketsFile.load(tmp_path, clock.now())
    assert kept.through == batch.history.through
    assert dict(kept.markets) == batch.history.markets
    assert all(past.is_delisted for past in batch.history.markets.values())


@pytest.mark.parametrize("ads", [None, 0, 19])
def test_less_than_a_book_may_go_unsaid(told, batch, ads):
    batch.history.markets = {VES: MarketHistory(complete_unique=ads)}
    assert told() == []


def test_what_is_listed_or_not_known_is_not_gone(told, batch):
    batch.listed = frozenset({VES})
    batch.missing_fiats = ["BOB"]
    assert told() == []
    batch.listed = None
    batch.missing_fiats = []
    assert told() == []


@pytest.mark.parametrize(
    "scope",
    [{"fiats": ("ARS",)}, {"assets": ("BTC",)}, {"fiats": ("VES",), "sides": (Side.SELL,)}],
)
def test_what_the_batch_did_not_ask_for_is_not_gone(told, scope):
    assert told(**scope) == []
    assert told()


def test_a_sample_tells_nothing_of_it(told):
    assert told(max_pages=1) == []
    assert told()
