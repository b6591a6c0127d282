"""Changes of a page's content, as a new release or a bug of the exchange would bring them."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import msgspec

from p2p_scrapy.exchange.entry import FEATURED, PROMOTED
from p2p_scrapy.exchange.market import OPPOSITE
from p2p_scrapy.exchange.spoiled_ads import SPOILS

Json = dict[str, Any]


@dataclass(slots=True)
class Alterable:
    """A decoded page on its way out.

    Attributes:
        body: the whole answer; ``data`` is a list that is not empty.
        page: its number, 1-based.
        previous: the last entry of the page before; None on page 1.
        rng: all chance of the change.
    """

    body: Json
    page: int
    previous: Json | None
    rng: Random

    @property
    def ads(self) -> list[Any]:
        """The entries; one that was spoiled may be no object."""
        entries: list[Any] = self.body["data"]
        return entries

    @property
    def whole_ads(self) -> list[Json]:
        """The entries that are still objects."""
        return [entry for entry in self.ads if isinstance(entry, dict)]

    def any_ad(self) -> list[Json]:
        """One of them; none where other faults have left none."""
        whole = self.whole_ads
        return self.rng.sample(whole, min(1, len(whole)))


def alter(
    body: bytes, kinds: list[str], *, page: int, previous: bytes | None, rng: Random
) -> bytes:
    """Change a page by faults that are ALTERATIONS; one without ads stays as it is.

    Args:
        body: the page.
        kinds: the faults, done in this order.
        page: its number.
        previous: the body of the page before; None on page 1.
        rng: all chance of the change.
    """
    decoded = msgspec.json.decode(body)
    if not decoded.get("data"):
        return body
    before = msgspec.json.decode(previous)["data"] if previous else None
    page_out = Alterable(decoded, page, before[-1] if before else None, rng)
    for kind in kinds:
        _ALTER[kind](page_out)
    return msgspec.json.encode(page_out.body)


def _drop_keys(page: Alterable) -> None:
    for entry in page.whole_ads:
        for key in ("tradableQuantity", "payTimeLimit", "dynamicMaxSingleTransAmount"):
            entry["adv"].pop(key, None)
        for key in ("positiveRate", "userGrade"):
            entry["advertiser"].pop(key, None)


def _rename_keys(page: Alterable) -> None:
    for entry in page.whole_ads:
        entry["adv"]["remainAmount"] = entry["adv"].pop("surplusAmount", None)
        entry["advertiser"]["recentOrderCount"] = entry["advertiser"].pop("monthOrderCount", None)


def _change_types(page: Alterable) -> None:
    for entry in page.whole_ads:
        adv, advertiser = entry["adv"], entry["advertiser"]
        adv["price"] = float(adv["price"])
        adv["payTimeLimit"] = f"{adv.get('payTimeLimit')} min"
        adv["isTradable"] = str(adv["isTradable"]).lower()
        advertiser["monthOrderCount"] = f"{advertiser.get('monthOrderCount')} orders"
        advertiser["badges"] = "Ordinary"


def _add_keys(page: Alterable) -> None:
    page.body["traceId"] = f"{page.rng.getrandbits(64):016x}"
    for entry in page.whole_ads:
        entry["adv"]["escrowProgram"] = {"level": 1, "since": "2027"}
        entry["advertiser"]["reputationScore"] = 4.7
        entry["boosted"] = None


def _flip_side(page: Alterable) -> None:
    for entry in page.any_ad():
        entry["adv"]["tradeType"] = OPPOSITE[entry["adv"]["tradeType"]]


def _stray(page: Alterable) -> None:
    """An ad of a currency that nobody asked for, beside the page's own."""
    for entry in page.any_ad():
        number = f"12{page.rng.randrange(10**18):018d}"
        other = "EUR" if entry["adv"]["fiatUnit"] != "EUR" else "USD"
        foreign = entry | {"adv": entry["adv"] | {"advNo": number, "fiatUnit": other}}
        page.ads.insert(page.rng.randint(1, len(page.ads)), foreign)


def _is_promoted(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("privilegeType") in {PROMOTED, FEATURED}


def _spoil(page: Alterable) -> None:
    """Make up to as many of the page's natural ads unusable as there are ways to.

    A promoted one that is no object could not be told from a natural one, of which there would
    then be more than the total.
    """
    natural = [place for place, entry in enumerate(page.ads) if not _is_promoted(entry)]
    places = page.rng.sample(natural, min(len(SPOILS), len(natural)))
    for place, spoil in zip(places, page.rng.sample(SPOILS, len(SPOILS)), strict=False):
        if isinstance(page.ads[place], dict):
            page.ads[place] = spoil(page.ads[place])


def _repeat_row(page: Alterable) -> None:
    if page.previous:
        page.ads.insert(0, page.previous)


def _change_total(page: Alterable) -> None:
    if page.page > 1:
        page.body["total"] += page.rng.choice((-3, -2, -1, 1, 2, 3))


_ALTER: dict[str, Callable[[Alterable], None]] = {
    "missing-keys": _drop_keys,
    "renamed-keys": _rename_keys,
    "changed-types": _change_types,
    "unknown-keys": _add_keys,
    "wrong-side": _flip_side,
    "wrong-fiat": _stray,
    "bad-ads": _spoil,
    "duplicate-rows": _repeat_row,
    "changing-total": _change_total,
}
