"""The bars that the census must clear, and whether it does."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

AT_LEAST = "at least"
UNDER = "under"
AT_MOST = "at most"
_CLEARS: Mapping[str, Callable[[float, float], bool]] = {
    AT_LEAST: operator.ge,
    UNDER: operator.lt,
    AT_MOST: operator.le,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its limit; ``note`` says what is to be known about it."""

    name: str
    value: float
    rule: str
    limit: float
    unit: str
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure clears the limit."""
        return _CLEARS[self.rule](self.value, self.limit)
