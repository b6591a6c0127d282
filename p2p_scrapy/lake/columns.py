"""Rows on their way to Parquet: kept as columns, never as objects."""

from typing import Any

import pyarrow as pa

CHUNK_ROWS = 1024
"""Rows held as Python values before they become Arrow's, which take a tenth of the memory."""


class Columns:
    """A growing table of one schema."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._batches: list[pa.RecordBatch] = []
        self._values: list[list[Any]] = [[] for _ in schema]

    def append(self, row: list[Any] | tuple[Any, ...]) -> None:
        """Add a row: a value a column, in the schema's order."""
        for column, value in zip(self._values, row, strict=True):
            column.append(value)
        if len(self._values[0]) == CHUNK_ROWS:
            self._seal()

    def table(self) -> pa.Table:
        """Everything appended so far, which is handed over."""
        self._seal()
        batches, self._batches = self._batches, []
        return pa.Table.from_batches(batches, self._schema)

    def _seal(self) -> None:
        if not self._values[0]:
            return
        arrays = [
            pa.array(values, field.type)
            for values, field in zip(self._values, self._schema, strict=True)
        ]
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._values = [[] for _ in self._schema]
