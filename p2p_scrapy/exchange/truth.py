"""What the books hold at this moment: what a census is measured against."""

from typing import Any

from p2p_scrapy.exchange.book import Book
from p2p_scrapy.exchange.world import World


def truth(world: World) -> dict[str, Any]:
    """Every market's ads by number, in order.

    Returns:
        ``markets`` (each fiat, asset, the ADVERTISER's side, natural, promoted), ``natural``,
        ``promoted`` (how many of each), ``unique_ads`` (an ad that is both counts once).
    """
    markets = [_of_book(book) for book in world.books.values()]
    numbers = {number for m in markets for number in (*m["natural"], *m["promoted"])}
    return {
        "natural": sum(len(m["natural"]) for m in markets),
        "promoted": sum(len(m["promoted"]) for m in markets),
        "unique_ads": len(numbers),
        "markets": markets,
    }


def _of_book(book: Book) -> dict[str, Any]:
    fiat, asset, side = book.market.key
    promotion = book.promoted_before(book.natural)
    return {
        "fiat": fiat,
        "asset": asset,
        "side": side,
        "natural": [ad.number for ad in book.natural],
        "promoted": [promotion.ad.number] if promotion else [],
    }
