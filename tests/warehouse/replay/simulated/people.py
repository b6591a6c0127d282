"""Advertisers, and what changes of them between two looks."""

import random
from dataclasses import dataclass
from typing import Any

from tests.warehouse.replay.simulated.chance import maybe

NAMES = (
    "Ana",
    "José Ñandú",
    "交易者",
    "Łukasz 🚀",
    "O'Brien; --",
    "a\tb",
    "Ω",
    "café",
    "cafe\u0301",
)


@dataclass
class Person:
    """An advertiser, as the exchange would show them at this instant."""

    number: str | None
    values: dict[str, Any]


def new_person(rng: random.Random, number: int) -> Person:
    values = {
        "advertiser_name": rng.choice(NAMES) + str(number),
        "advertiser_type": rng.choice(("user", "merchant")),
        "is_merchant": rng.choice((True, False)),
        "user_grade": 1,
        "user_identity": None,
        "badges": None,
        "vip_level": None,
        "month_order_count": rng.randint(0, 900),
        "month_finish_rate": 0.98,
        "positive_rate": 0.99,
    }
    if number == 0:  # the exchange does not say who this is
        return Person(None, dict.fromkeys(values))
    return Person(f"s{number:02}", values)


def drift(rng: random.Random, person: Person) -> None:
    chance = rng.random()
    values = person.values
    if person.number is None or chance > 0.06:
        return
    if chance < 0.005:
        values["advertiser_name"] = maybe(rng, rng.choice(NAMES))
    elif chance < 0.01:
        values["is_merchant"] = rng.choice((True, False, None))
    elif chance < 0.015:
        values["badges"] = rng.choice((None, [], ["gold"], ["gold", None]))
        values["vip_level"] = maybe(rng, rng.randint(1, 3))
        values["user_grade"] = maybe(rng, rng.randint(1, 3))
        values["user_identity"] = maybe(rng, "MASS_MERCHANT")
    elif chance < 0.03:
        values["month_finish_rate"] = maybe(rng, round(rng.random(), 3))
    elif chance < 0.04:
        values["positive_rate"] = maybe(rng, rng.random())
    else:
        values["month_order_count"] = maybe(rng, rng.randint(0, 900))
