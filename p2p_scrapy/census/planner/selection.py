"""Which markets a window holds, and which wait for another batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import fmean

from p2p_scrapy.census.planner.pace import Pace
from p2p_scrapy.census.planner.prospect import Prospect

SURE = 0.9
"""The share of a window that is planned for certain; the rest is for what nobody can foresee, books
that have grown, questions put again, and where nothing of that happens for more markets."""
COLD = "cold"
NO_ROOM = "no_room"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Selection:
    """The markets of a batch by what they are to it.

    ``new`` were never read, ``overdue`` cannot wait for the next batch, ``chosen`` are the others
    that are read. ``left`` are read where there is time after all, the most wanted first; each with
    the reason why it was not chosen.
    """

    new: list[Prospect]
    overdue: list[Prospect]
    chosen: list[Prospect]
    left: dict[Prospect, str] = field(default_factory=dict)


def everything(prospects: Iterable[Prospect], pace: Pace, started_at: datetime) -> Selection:
    """All markets: there is no window, or it holds them."""
    new, overdue, others = _sorted_out(prospects, pace, started_at)
    return Selection(new, overdue, others)


def select(
    prospects: Sequence[Prospect], holds: int, pace: Pace, started_at: datetime
) -> Selection:
    """The markets for a window that holds so many requests.

    First what is overdue, the longest unread first. Then the hot ones, with what is not needed to
    read all others once in a rotation, and of those as many as there is room for, again the longest
    unread first. For each new one, whose size nobody knows, room for twice the usual size is left.
    """
    new, overdue, others = _sorted_out(prospects, pace, started_at)
    known = [*overdue, *others]
    usual = fmean(each.requests for each in known) if known else 1
    room = holds - 2 * usual * len(new)
    hot = _hot(known, room, pace.rotation)
    wanted = [*overdue, *(each for each in others if each in hot)]
    cold = sorted((each for each in others if each not in hot), key=_asked_at)
    held = _fill([*wanted, *cold], room * SURE)
    left = {each: NO_ROOM for each in wanted if each not in held}
    left |= {each: COLD for each in cold if each not in held}
    return Selection(
        new,
        [each for each in overdue if each in held],
        [each for each in others if each in held],
        left,
    )


def _sorted_out(
    prospects: Iterable[Prospect], pace: Pace, started_at: datetime
) -> tuple[list[Prospect], list[Prospect], list[Prospect]]:
    """The new ones; the overdue, the longest unread first; and the others."""
    new, overdue, others = [], [], []
    for each in prospects:
        if each.is_new:
            new.append(each)
        elif pace.cannot_wait(each.complete_at, started_at):
            overdue.append(each)
        else:
            others.append(each)
    return new, sorted(overdue, key=_asked_at), others


def _asked_at(prospect: Prospect) -> datetime:
    """When it was last tried; what never becomes complete must not push all others back."""
    return prospect.asked_at or _LONG_AGO


def _hot(known: Sequence[Prospect], room: float, rotation: int) -> set[Prospect]:
    """The markets to read in every batch, those that gain most by a request.

    With H requests for them, C for all, and room for R in each of the k batches of a rotation, the
    others can all be read once in it as long as (C - H) / k <= R - H.
    """
    if rotation == 1:
        return set()
    total = sum(each.requests for each in known)
    share = (rotation * room - total) / (rotation - 1)
    gainful = [each for each in known if each.gain > 0 and each.requests <= share]
    return _fill(sorted(gainful, key=lambda each: each.yield_, reverse=True), share)


def _fill(wanted: Iterable[Prospect], room: float) -> set[Prospect]:
    """What fits, the first first; a book larger than all the room is read alone when first."""
    held: set[Prospect] = set()
    for each in wanted:
        if each.requests <= room or (not held and room >= 1):
            held.add(each)
            room -= each.requests
    return held
