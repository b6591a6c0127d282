"""The plan: in which order markets are read."""

from collections.abc import Callable, Iterator, Mapping

from items import Market, Pair
from p2p_scrapy.binance import queries
from p2p_scrapy.binance.queries import Filter
from p2p_scrapy.census.dispatch import Ask, Burst
from p2p_scrapy.census.history import MarketHistory
from p2p_scrapy.census.open_sweep import OpenSweep


def in_order(markets: list[Market], known: Mapping[Market, MarketHistory]) -> list[list[Market]]:
    """The markets of each pair together, the pairs with the largest books first."""
    pairs: dict[Pair, list[Market]] = {}
    for market in markets:
        pairs.setdefault(market.pair, []).append(market)

    def size(books: list[Market]) -> int:
        return sum(known[book].total or 0 for book in books if book in known)

    return sorted(pairs.values(), key=size, reverse=True)


def bursts(
    order: list[list[Market]],
    narrowed: Filter,
    sweep_of: Callable[[Market], OpenSweep],
    expected: Callable[[Market], int],
) -> Iterator[Burst]:
    """For each pair, the first pages of both its sides, which leave together.

    ``expected`` tells how many further pages the budget is to be held for.
    """
    for books in order:
        yield [
            Ask(
                queries.search(book, 1, narrowed),
                sweep=sweep_of(book),
                page=1,
                holds=expected(book),
            )
            for book in books
        ]
