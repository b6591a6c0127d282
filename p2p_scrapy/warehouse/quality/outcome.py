"""What a check found."""

from dataclasses import dataclass, field
from typing import Any

NAMED = 50
"""How many ads or assets the details of a check name at most; their number is told whole."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of ``warehouse.quality``; ``finding`` says it in plain words, for the log.

    ``metric_value`` is None where nothing could be measured, ``threshold_value`` where there is
    no limit.
    """

    metric_name: str
    metric_value: float | None
    threshold_value: float | None
    passed: bool
    finding: str
    details: dict[str, Any] = field(default_factory=dict)
