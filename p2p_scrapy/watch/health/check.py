"""One thing that was looked at, and what all of them come to."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mark(StrEnum):
    """What a check came to; ``partial`` is the mark of a batch that is not whole."""

    GOOD = "good"
    PARTIAL = "partial"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what it came to, and in words; ``figures`` are for programs."""

    name: str
    mark: Mark
    said: str
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """All checks of one moment."""

    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> int:
        """0 healthy, 3 the last batch was partial and nothing else is wrong, 1 otherwise."""
        marks = {check.mark for check in self.checks}
        if Mark.BAD in marks:
            return 1
        return 3 if Mark.PARTIAL in marks else 0

    @property
    def verdict(self) -> str:
        """The exit code in a word."""
        return {0: "healthy", 1: "unhealthy", 3: "partial"}[self.exit_code]

    def document(self) -> dict[str, Any]:
        """What ``/health`` and ``scrapy health --json`` say."""
        checks = {
            check.name: {"mark": check.mark, "said": check.said, **check.figures}
            for check in self.checks
        }
        return {"health": self.verdict, "exit_code": self.exit_code, "checks": checks}

    def text(self) -> str:
        """A line a check, for a person."""
        signs = {Mark.GOOD: "✓", Mark.PARTIAL: "✗", Mark.BAD: "✗"}
        width = max(len(check.name) for check in self.checks)
        lines = [f"{signs[each.mark]} {each.name:{width}}  {each.said}" for each in self.checks]
        return "\n".join([*lines, self.verdict])
