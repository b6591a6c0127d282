"""Which looks at a book are out of date, and have to be taken again before they prove anything.

A book that stands still shows every page the same total and every ad once. Where it moved, the
looks taken before it did are out of date, and those after it are not: only the former are taken
again. A look is known to be from before by what a later one saw:

- another total: an ad has entered or left;
- an ad that an earlier look had seen elsewhere: it, or others before it, have moved;
- an ad that is younger than an earlier look, by its number: it entered meanwhile, and where the
  total is still the same, another has left, which no count shows.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from items import Ad
from p2p_scrapy.census.evidence import Evidence, Look

_LEEWAY = timedelta(seconds=1)
"""By so much an ad may seem younger than the look that saw it: the time in its number is exact to
0.13 s (API page, section 3b), and two clocks differ. Beyond that our clock is wrong, and the
number says nothing about the sweep."""


def out_of_date(evidence: Evidence, expected: int | None) -> list[int]:
    """The pages whose last look is from before the book moved, in order.

    All of them where not as many ads were seen as expected, and nothing says since when.
    """
    moved_at = max(_moments(evidence), default=None)
    if moved_at is not None:
        before = [look for look in evidence.looks if look.page.observed_at < moved_at]
    elif evidence.unique != expected or evidence.repetitions:
        before = list(evidence.looks)
    else:
        before = []
    return sorted({look.number for look in (*before, *_older_than_an_ad(evidence))})


def newcomers(evidence: Evidence) -> int:
    """How many ads entered the book while it was read: ads younger than a look at another page."""
    return sum(bool(_looks_before(ad, evidence)) for ad in _young(evidence))


def _moments(evidence: Evidence) -> Iterator[datetime]:
    """When a look arrived that contradicts one before it."""
    for former, latter in pairwise(evidence.looks):
        if former.page.total != latter.page.total:
            yield latter.page.observed_at
    for repetition in evidence.repetitions:
        if repetition.former.observed_at != repetition.latter.observed_at:
            yield repetition.latter.observed_at


def _older_than_an_ad(evidence: Evidence) -> Iterator[Look]:
    for ad in _young(evidence):
        yield from _looks_before(ad, evidence)


def _young(evidence: Evidence) -> Iterator[Ad]:
    """The ads that were placed after the sweep began to ask."""
    begun_at = min((look.asked_at for look in evidence.looks), default=None)
    for entry in evidence.seen.values():
        placed_at = entry.ad_created_at if isinstance(entry, Ad) else None
        if placed_at is not None and begun_at is not None and placed_at > begun_at:
            yield entry


def _looks_before(ad: Ad, evidence: Evidence) -> list[Look]:
    """Looks at other pages that were asked for before an ad was placed."""
    placed_at = ad.ad_created_at
    if placed_at is None or placed_at > ad.observed_at + _LEEWAY:
        return []
    return [look for look in evidence.looks if look.asked_at < placed_at and look.number != ad.page]
