"""The open window: what is collected between two flushes, and becomes one file a dataset."""

from collections.abc import Iterator
from dataclasses import asdict

import pyarrow as pa

from items.futures import SCHEMAS, Dataset, Gap


class Window:
    """Records and gaps since a moment.

    Attributes:
        name: ``YYYYMMDD_HHMMSS_NNN`` of its start; NNN tells windows of one second apart.
        records: how many there are, gaps apart.
        gaps: that ended, or were given up, in this window.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.records = 0
        self.gaps: list[Gap] = []
        self._batches: dict[Dataset, list[pa.RecordBatch]] = {}

    @property
    def day(self) -> str:
        """``YYYY-MM-DD`` of its start."""
        return f"{self.name[:4]}-{self.name[4:6]}-{self.name[6:8]}"

    def add(self, dataset: Dataset, batch: pa.RecordBatch) -> None:
        """Take records."""
        if batch.num_rows:
            self._batches.setdefault(dataset, []).append(batch)
            self.records += batch.num_rows

    def tables(self) -> Iterator[tuple[Dataset, pa.Table]]:
        """Every dataset that there is something of."""
        for dataset, batches in self._batches.items():
            table = pa.Table.from_batches(batches, SCHEMAS[dataset])
            yield dataset, table.unify_dictionaries().combine_chunks()
        if self.gaps:
            schema = SCHEMAS[Dataset.GAPS]
            rows = [asdict(gap) for gap in self.gaps]
            yield Dataset.GAPS, pa.Table.from_pylist(rows, schema)
