"""Numbers of ads: 20 digits that carry the time of creation.

``created_ms = (int(advNo[2:]) >> 22) + 1566994004200``, to about 0.1 s; the first two digits are
11 before October 2023, 13 for a merchant's SELL ad of 2026, else 12 (computed from 5,693 ads).
"""

from random import Random

EPOCH_MS = 1_566_994_004_200
_LOW_BITS = 22
_NEW_PREFIX_MS = 1_696_118_400_000


class AdNumbers:
    """Hands out numbers, none twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def draw(self, created_ms: int, *, merchant_sells: bool, rng: Random) -> str:
        """A number for an ad created then (milliseconds since 1970)."""
        prefix = _prefix(created_ms, merchant_sells=merchant_sells)
        while True:
            low = rng.getrandbits(_LOW_BITS)
            number = f"{prefix}{(created_ms - EPOCH_MS) << _LOW_BITS | low:018d}"
            if number not in self._taken:
                self._taken.add(number)
                return number


def _prefix(created_ms: int, *, merchant_sells: bool) -> int:
    if created_ms < _NEW_PREFIX_MS:
        return 11
    return 13 if merchant_sells else 12
