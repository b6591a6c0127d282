"""A check: what it asks of the lake, and what to do where the answer is no."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check ended. Nothing to check against is said, not passed over as passed."""

    PASSED = "passed"
    WARNING = "warn"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One question that the inspection asks.

    Attributes:
        name: what scripts know it by.
        title: what is true where it passes.
        advice: what to do where it does not.
        severity: FAILED, or WARNING where what is found may be right.
    """

    name: str
    title: str
    advice: str
    severity: Outcome = Outcome.FAILED
