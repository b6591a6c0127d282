"""The figures of a lake as tables of at most 80 columns."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from items import Pair, Side
from p2p_scrapy.lake.inspection.census import Census
from p2p_scrapy.lake.inspection.pair_figures import PairFigures
from p2p_scrapy.lake.inspection.tables import columns, heading, indented
from p2p_scrapy.lake.inspection.wording import count, price, printable, span

_PAIRS = 12
_METHODS = 12
_WORD = {Side.BUY: "bids", Side.SELL: "asks"}

_Ranked = list[tuple[Pair, PairFigures]]


def figure_tables(census: Census) -> Iterator[RenderableType]:
    """Sides, pairs, spreads and payment methods, each with its heading."""
    yield heading("Ads by the advertiser's side")
    yield indented(_sides(census))
    if census.pairs:
        ranked = sorted(census.pairs.items(), key=lambda pair: (-pair[1].ads, pair[0]))
        yield heading("Prices in fiat", _most(len(ranked), "pair"))
        yield indented(_prices(ranked[:_PAIRS]))
        yield from _spreads(ranked)
    if census.methods:
        yield heading("Payment methods", _most(len(census.methods), "method", _METHODS))
        yield indented(_methods(census))


def _name(pair: Pair) -> Text:
    """As text, since a string would be read for markup."""
    return Text(printable(str(pair)))


def _most(number: int, thing: str, shown: int = _PAIRS) -> str:
    if number <= shown:
        return count(number, thing)
    return f"the {shown} of {count(number, thing)} with most ads"


def _sides(census: Census) -> Table:
    table = columns("side", "snapshots", "ads", "per snapshot", "last", "advertisers", "merchants")
    for side, figures in census.sides.items():
        if figures.snapshots:
            table.add_row(
                _WORD[side],
                *(count(figure) for figure in (figures.snapshots, figures.ads)),
                span(figures.fewest, figures.most),
                *(
                    count(figure)
                    for figure in (figures.last, len(figures.advertisers), len(figures.merchants))
                ),
            )
    return table


def _prices(ranked: _Ranked) -> Table:
    table = columns("pair", "side", "lowest", "highest", "last ads", "median", "best", words=2)
    for pair, figures in ranked:
        name = _name(pair)
        for side, market in figures.markets.items():
            if market.last:
                prices = (market.low, market.high, market.last.median, market.last.best)
                low, high, median, best = map(price, prices)
                table.add_row(name, _WORD[side], low, high, count(market.last.ads), median, best)
                name = Text()
    return table


def _spreads(ranked: _Ranked) -> Iterator[RenderableType]:
    both = [(pair, figures.spread) for pair, figures in ranked if figures.spread.snapshots]
    if not both:
        return
    yield heading("Spread: best ask - best bid", _most(len(both), "pair"))
    table = columns("pair", "last", "lowest", "highest", "negative in")
    for pair, spread in both[:_PAIRS]:
        table.add_row(
            _name(pair),
            *(price(value) for value in (spread.last, spread.lowest, spread.highest)),
            f"{spread.negative:,} of {spread.snapshots:,}",
        )
    yield indented(table)


def _methods(census: Census) -> Text:
    most = census.methods.most_common(_METHODS)
    text = ", ".join(f"{printable(method)} {ads:,}" for method, ads in most)
    return Text(text)
