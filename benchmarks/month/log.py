"""What a month's loads took, line by line, so that nothing is lost when it is stopped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Log:
    """JSON lines in the month's folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.jsonl"

    def add(self, **figures: Any) -> None:
        """Append a line."""
        with self.path.open("a") as file:
            file.write(json.dumps(figures) + "\n")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                yield json.loads(line)
