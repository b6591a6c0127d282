"""Whether rows that were counted here and there are the same."""

import math
from decimal import Decimal
from typing import Any


def alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two rows are equal, means and deviations to nine digits."""
    return len(one) == len(other) and all(map(_alike, one, other))


def _alike(one: Any, other: Any) -> bool:
    if one is None or other is None or not isinstance(one, (Decimal, float)):
        return one == other
    return one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
