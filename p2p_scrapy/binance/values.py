"""One value of an answer: its type is looked at, and what does not fit becomes None and is noted.

A decimal may be JSON text, as it is in search answers, or a JSON number, as in other answers of
the same service: both are the same value, so neither is a change.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from msgspec import UNSET

from p2p_scrapy.binance.drift import SIGNIFICANT_DIGITS, Drift

LARGEST_TOTAL = 10_000_000
"""Ads; what claims to be more is no count, and no total is told then."""
_LARGEST_WHOLE = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AD_NO_EPOCH_MS = 1_566_994_004_200
_AD_NO_DIGITS = (20, 21)
"""The number grows by a digit in March 2027, when its time outgrows the present one."""
_LATEST_LEAD = timedelta(days=1)


class Values:
    """Converters that note in ``drift`` what does not fit; each takes a value and its key path."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift

    def text(self, value: Any, path: str) -> str | None:
        """A string."""
        if value is None or type(value) is str:
            return value
        return self._drift.odd(value, path)

    def whole(self, value: Any, path: str) -> int | None:
        """A whole number."""
        if value is None:
            return None
        if type(value) is not int:
            return self._drift.odd(value, path)
        return value if abs(value) <= _LARGEST_WHOLE else self._drift.odd_value(value, path)

    def total(self, value: Any, path: str) -> int | None:
        """How many ads a book has: every answer tells it, so that a null is none told."""
        if type(value) is not int:
            return self._drift.odd(UNSET if value is None else value, path)
        return value if 0 <= value <= LARGEST_TOTAL else self._drift.odd_value(value, path)

    def flag(self, value: Any, path: str) -> bool | None:
        """A truth: true or false, 1 or 0."""
        if value is None:
            return None
        if value is True or value is False or value in (0, 1):
            return bool(value)
        return self._drift.odd(value, path)

    def decimal(self, value: Any, path: str) -> float | None:
        """A finite decimal number, as text or number."""
        if type(value) is str:
            return self._decimal_of_text(value, path)
        if value is None:
            return None
        if type(value) is float or (type(value) is int and abs(value) <= _LARGEST_WHOLE):
            self._drift.long_decimal(repr(value), path)
            return float(value)
        return self._drift.odd(value, path)

    def texts(self, value: Any, path: str) -> list[str | None] | None:
        """A list of strings."""
        if value is None:
            return None
        if type(value) is list:
            return [self.text(each, path) for each in value]
        return self._drift.odd(value, path)

    def records(self, value: Any, path: str) -> list[dict[str, Any]] | None:
        """A list of JSON objects; whatever else is in it is noted and left out."""
        if value is None:
            return None
        if type(value) is not list:
            return self._drift.odd(value, path)
        objects = [each for each in value if type(each) is dict]
        if len(objects) < len(value):
            self._drift.odd(value, path)
        return objects

    def named(self, value: Any, names: Mapping[int, str], path: str) -> str | None:
        """A code with a name."""
        code = self.whole(value, path)
        if code is None or code in names:
            return None if code is None else names[code]
        return self._drift.odd_value(code, path)

    def milliseconds(self, value: Any, path: str) -> datetime | None:
        """A moment in milliseconds since 1970, UTC."""
        count = self.whole(value, path)
        try:
            return None if count is None else _EPOCH + timedelta(milliseconds=count)
        except OverflowError:
            return self._drift.odd_value(count, path)

    def _decimal_of_text(self, text: str, path: str) -> float | None:
        try:
            number = float(text)
        except ValueError:
            return self._drift.odd(text, path)
        if not isfinite(number) or "_" in text:
            return self._drift.odd(text, path)
        if len(text) > SIGNIFICANT_DIGITS:
            self._drift.long_decimal(text.lower(), path)
        return number


def created_at_of(ad_no: str | None, observed_at: datetime) -> datetime | None:
    """When an ad was placed, by its number; None where the number does not carry a time.

    The number's digits after the prefix of two hold milliseconds since 1566994004200 above 22
    bits, within about a tenth of a second of the true time (API page, section 3b).
    """
    if ad_no is None or len(ad_no) not in _AD_NO_DIGITS or not ad_no.isdecimal():
        return None
    created = _EPOCH + timedelta(milliseconds=(int(ad_no[2:]) >> 22) + _AD_NO_EPOCH_MS)
    return created if created < observed_at + _LATEST_LEAD else None
