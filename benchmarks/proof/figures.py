"""The figures of a measurement, in all and by the size of the books."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.proof.course import Round
from benchmarks.proof.judgement import Judgement
from p2p_scrapy.exchange.book import PAGE_ROWS

SIZES = ((1, 1), (2, 5), (6, 16), (17, 40), (41, 1_000))
"""Pages from, to."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some sweeps; ``seen`` is the share of the ads that stayed which complete ones hold.

    ``false`` are complete sweeps that were the book's state at no moment, ``missing`` those of
    them that miss an ad that stayed. ``rereads`` counts sweeps by rounds read again.
    """

    sweeps: int
    complete: int
    seen: float
    false: int
    missing: int
    strangers: int
    partial_with_all: int
    rereads: dict[int, int]
    smallest: int

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def figures(judgements: Iterable[Judgement]) -> Figures:
    """Sum them up."""
    every = list(judgements)
    complete = [each for each in every if each.is_complete]
    stayed = sum(each.stayed for each in complete)
    missed = sum(each.missed for each in complete)
    return Figures(
        sweeps=len(every),
        complete=len(complete),
        seen=1 - missed / stayed if stayed else 1.0,
        false=sum(each.is_false for each in complete),
        missing=sum(each.missed > 0 for each in complete),
        strangers=sum(each.strangers for each in complete),
        partial_with_all=sum(not each.is_complete and each.is_snapshot for each in every),
        rereads=dict(sorted(Counter(each.reading.rereads for each in every).items())),
        smallest=sum(smallest(each) for each in every),
    )


def by_size(judgements: Iterable[Judgement]) -> dict[str, Figures]:
    """The same for each class of sizes that was met."""
    every = list(judgements)
    classes = {
        f"{least}-{most}": [each for each in every if least <= smallest(each) <= most]
        for least, most in SIZES
    }
    return {name: figures(members) for name, members in classes.items() if members}


def smallest(judgement: Judgement) -> int:
    """Requests that a reading of the book takes at the least: one a started page, one if empty."""
    return max(1, -(-len(judgement.reading.numbers) // PAGE_ROWS))


def cost(rounds: Iterable[Round]) -> float:
    """Searches made by the smallest possible number."""
    every = list(rounds)
    least = sum(smallest(each) for one in every for each in one.judgements)
    return sum(one.searches for one in every) / least
