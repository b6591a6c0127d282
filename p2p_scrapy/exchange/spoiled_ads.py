"""Ways in which an ad is unusable: what a collector has to refuse."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def _with_adv(entry: Json, **changes: object) -> Json:
    return entry | {"adv": entry["adv"] | changes}


def _free(entry: Json) -> object:
    return _with_adv(entry, price="0")


def _nameless(entry: Json) -> object:
    return _with_adv(entry, advNo="")


def _sold_out(entry: Json) -> object:
    return _with_adv(entry, surplusAmount="0")


def _contradictory(entry: Json) -> object:
    most = entry["adv"]["maxSingleTransAmount"]
    return _with_adv(entry, minSingleTransAmount=f"{float(most) + 1:.2f}")


def _no_object(entry: Json) -> object:
    return f"ad {entry['adv']['advNo']}"


SPOILS: tuple[Callable[[Json], object], ...] = (
    _free,
    _nameless,
    _sold_out,
    _contradictory,
    _no_object,
)
"""Price 0, no number, stock 0, min above max, and a text where an object was due."""
