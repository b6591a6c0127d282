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

_KNOWN = {"adv": AD_KEYS, "advertiser": ADVERTISER_KEYS}


class Drift:
    """What differs from the answers that this code was written for.

    ``counts`` has one entry a kind and key: ``missing adv.price``, ``type adv.price``,
    ``unknown adv.newKey``, ``long decimal adv.price``, ``value adv.priceType``. ``on_first`` is
    told each of them once, as a sentence.
    """

    def __init__(self, on_first: Callable[[str], None]) -> None:
        self.counts: Counter[str] = Counter()
        self._on_first = on_first

    def odd(self, value: Any, path: str) -> None:
        """Note a value that is absent or of another type; it is stored as null."""
        if value is UNSET:
            self._note(f"missing {path}", f"{path} is missing: stored as null")
        else:
            shown = repr(value)[:80]
            self._note(f"type {path}", f"{path} has another type ({shown}): stored as null")

    def odd_value(self, value: Any, path: str) -> None:
        """Note a value of the right type that has no known meaning; it is stored as null."""
        self._note(f"value {path}", f"{path} is {value!r}, which has no known meaning: null")

    def long_decimal(self, text: str, path: str) -> None:
        """Note a decimal that float64 may not hold exactly; the nearest one is stored."""
        digits = text.partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")
        if len(digits) > SIGNIFICANT_DIGITS:
            note = f"{path} is {text}, longer than {SIGNIFICANT_DIGITS} digits: nearest is stored"
            self._note(f"long decimal {path}", note)

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
        self._note(f"unknown {path}", f"{path} is a key that no recording has: left out")

    def _note(self, name: str, sentence: str) -> None:
        self.counts[name] += 1
        if self.counts[name] == 1:
            logger.warning("The exchange's answers have changed: %s", sentence)
            self._on_first(sentence)
