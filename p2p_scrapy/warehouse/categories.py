"""What kind a payment method is; the exchange does not say.

The table lies beside, in categories.json: per category, groups of codes, for people to find their
way. It holds what was recorded of the exchange and what is well known of its large markets, and
goes by who moves the money: a bank (bank_transfer), a phone number (mobile), the account at a
payment company (e_wallet), a hand or a counter (cash), a card scheme (card).
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Literal, get_args

Category = Literal["bank_transfer", "mobile", "e_wallet", "cash", "card", "other"]


def category_of(code: str) -> Category:
    """The category of a method's code; one that is not in the table is ``other``.

    Case and what is neither letter nor digit do not count: the exchange itself writes ``Akbank``
    and ``ISBANK``, and a code's spelling has changed over the years.
    """
    return _table().get(_key(code), "other")


def listed() -> Iterator[tuple[Category, str]]:
    """Every code of the table with its category, as written there."""
    text = resources.files(__package__).joinpath("categories.json").read_text("utf-8")
    groups: dict[str, dict[str, str]] = json.loads(text)
    for category in get_args(Category):
        for codes in groups[category].values():
            for code in codes.split():
                yield category, code


@cache
def _table() -> dict[str, Category]:
    return {_key(code): category for category, code in listed()}


def _key(code: str) -> str:
    return "".join(filter(str.isalnum, code)).casefold()
