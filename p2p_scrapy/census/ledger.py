"""The ledger: every sweep of a batch, open and closed, and what came of every ad."""

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from items import Ad, Market, Pair, Side, Sweep, UnreadableAd
from p2p_scrapy.census.open_sweep import Entry, OpenSweep

if TYPE_CHECKING:
    from collections.abc import Callable

OLD_AFTER = timedelta(days=7)


class Ledger:
    """Knows each market's sweep; pipelines tell it the fate of each ad.

    ``refused`` counts the refused ads of all sweeps, by reason. ``on_settled`` are called with
    a sweep once it is read and all its ads are accounted for.
    """

    def __init__(self) -> None:
        self.sweeps: dict[Market, OpenSweep] = {}
        self.open: dict[Market, OpenSweep] = {}
        self.rows: list[Sweep] = []
        self.refused: Counter[str] = Counter()
        self.on_settled: list[Callable[[OpenSweep], None]] = []

    def add(self, sweep: OpenSweep) -> None:
        """Enter a sweep that begins."""
        self.sweeps[sweep.market] = sweep
        self.open[sweep.market] = sweep

    def keep(self, ad: Ad) -> None:
        """Note an ad that has passed the pipelines."""
        sweep = self.sweeps[ad.market]
        sweep.kept += 1
        if ad.rank is not None and ad.price is not None:
            sweep.prices.append(ad.price)
        sweep.methods.update(method for method in ad.payment_methods or () if method)
        if ad.ad_created_at is not None and ad.observed_at - ad.ad_created_at > OLD_AFTER:
            sweep.old_ads += 1
        self.look_at(sweep)

    def refuse(self, entry: Entry, reason: str) -> None:
        """Note an ad that a row rule refused."""
        sweep = self.sweeps[entry.market]
        sweep.refused[reason] += 1
        self.refused[reason] += 1
        self.look_at(sweep)

    def repeat(self, entry: Ad | UnreadableAd) -> None:
        """Note an ad that had come before."""
        sweep = self.sweeps[entry.market]
        sweep.repeated += 1
        self.look_at(sweep)

    def pair(self, pair: Pair) -> dict[Side, OpenSweep]:
        """The sweeps of a pair, open and closed."""
        books = {side: Market(pair.asset, pair.fiat, side) for side in Side}
        return {side: self.sweeps[book] for side, book in books.items() if book in self.sweeps}

    def look_at(self, sweep: OpenSweep) -> None:
        """Close a sweep that is read and settled."""
        if sweep.is_read and sweep.is_settled and sweep.market in self.open:
            self.close(sweep)

    def close(self, sweep: OpenSweep) -> None:
        """Close a sweep as it stands."""
        del self.open[sweep.market]
        for listener in self.on_settled:
            listener(sweep)
