"""Changes of the exchange's answers: counted, and said once a batch each."""

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET

from p2p_scrapy.binance.known_keys import AD_KEYS, ADVERTISER_KEYS, ENTRY_KEYS

logger = logging.getLogger(__name__)

SIGNIFICANT_DIGITS = 15
"""Decimals of up to 15 significant digits survive float64 exactly (product page, section 5)."""

_CHANGED = "The exchange's answers have changed"
_KNOWN = {"adv": AD_KEYS, "advertiser": ADVERTISER_KEYS}


class Drift:
    """What differs from the answers that this code was written for.

    ``counts`` has one entry a kind and key: ``missing adv.price``, ``type adv.price``,
    ``unknown adv.newKey``, ``long decimal adv.price``, ``value adv.priceType``. Each is logged
    once. ``on_loss`` is told what costs values, which an unknown key and a long decimal do not:
    without the value, so that the same change is the same news in every batch.
    """

    def __init__(self, on_loss: Callable[[str], None]) -> None:
        self.counts: Counter[str] = Counter()
        self._untold: list[str] = []
        self._on_loss = on_loss

    def odd(self, value: Any, path: str) -> None:
        """Note a value that is absent or of another type; it is stored as null."""
        if value is UNSET:
            self._lose(f"missing {path}", f"{path} is missing")
        else:
            self._lose(f"type {path}", f"{path} has another type", f" ({repr(value)[:80]})")

    def odd_value(self, value: Any, path: str) -> None:
        """Note a value of the right type that has no known meaning; it is stored as null."""
        self._lose(f"value {path}", f"{path} has no known meaning", f" ({repr(value)[:80]})")

    def long_decimal(self, text: str, path: str) -> None:
        """Note a decimal that float64 may not hold exactly; the nearest one is stored."""
        digits = text.partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")
        if len(digits) > SIGNIFICANT_DIGITS:
            note = f"{path} is {text}, longer than {SIGNIFICANT_DIGITS} digits: nearest is stored"
            self._note(f"long decimal {path}", note)

    def tell(self) -> None:
        """Tell what costs values since the last time, together: a change mostly has many keys."""
        if self._untold:
            news, self._untold = "; ".join(self._untold), []
            self._on_loss(news)

    def look_for_unknown_keys(self, raw: bytes) -> None:
        """Note the keys of an entry that no recording has."""
        try:
            entry = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return  # in a part that is of no account, or the entry would not have been read
        for key in entry.keys() - ENTRY_KEYS:
            self._note_unknown(key)
        for part, known in _KNOWN.items():
            for key in (entry.get(part) or {}).keys() - known:
                self._note_unknown(f"{part}.{key}")

    def _note_unknown(self, path: str) -> None:
        self._note(
            f"unknown {path}", f"{_CHANGED}: {path} is a key that no recording has: left out"
        )

    def _lose(self, name: str, news: str, shown: str = "") -> None:
        if self._note(name, f"{_CHANGED}: {news}{shown}: stored as null"):
            self._untold.append(news)

    def _note(self, name: str, sentence: str) -> bool:
        """Count, and log what is met for the first time; True where it is."""
        self.counts[name] += 1
        is_first = self.counts[name] == 1
        if is_first:
            logger.warning("%s", sentence)
        return is_first
