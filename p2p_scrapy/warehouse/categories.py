"""What kind a payment method is; the exchange does not say."""

from collections.abc import Mapping
from typing import Literal

Category = Literal["bank_transfer", "mobile", "e_wallet", "cash", "card", "other"]

_CODES: Mapping[Category, tuple[str, ...]] = {
    "bank_transfer": ("BANK",),
}

_CATEGORY_OF = {code: category for category, codes in _CODES.items() for code in codes}


def category_of(code: str) -> Category:
    """The category of a method's code; one that is not in the table is ``other``."""
    return _CATEGORY_OF.get(code, "other")
