"""Values that are null now and then, and numbers that are hard to write down."""

import random
from typing import Any

ODD_NUMBERS = (1e-9, 123456789.12345678, 2500000000.0, 0.1, 1e-05, 12345678901234.5, 1e22, 7.0)


def maybe(rng: random.Random, value: Any, chance: float = 0.06) -> Any:
    return None if rng.random() < chance else value


def number(rng: random.Random, about: float) -> float:
    if rng.random() < 0.05:
        return rng.choice(ODD_NUMBERS)
    return round(about * rng.uniform(0.9, 1.1), rng.choice((0, 2, 4, 8)))
