"""A batch's journal: which records are in it, and what the first of them says of the others."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from items import AD_COLUMNS, SCHEMA_VERSION, SWEEP_COLUMNS, VENUE, Ad, Market, Refusal, Sweep
from p2p_scrapy.census.dispatch import Ask
from p2p_scrapy.census.evidence import Entry
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.errors import DiskFullError
from p2p_scrapy.journal import Journal

_LAYOUT = {
    "journal_version": "1",
    "columns": list(AD_COLUMNS),
    "sweep_columns": list(SWEEP_COLUMNS),
    "schema_version": SCHEMA_VERSION,
}


class BatchJournal(Journal):
    """Takes down what a batch reads: from then on it outlives the process.

    ``on_full`` is told when there is no room for a record, before whoever adds it is.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path, on_full: Callable[[DiskFullError], None]) -> None:
        super().__init__(path)
        self._on_full = on_full

    def append(self, kind: str, payload: Any) -> None:
        """Add a record, whole or not at all.

        Raises:
            DiskFullError: there is no room for it; what was added before stays readable.
            OSError: any other trouble of the disk.
        """
        try:
            super().append(kind, payload)
        except DiskFullError as error:
            self._on_full(error)
            raise

    def begin(
        self, batch_id: str, started_at: datetime, scope: Scope, interval_seconds: int
    ) -> None:
        """Add the header, without which nothing that follows can be read."""
        header = {
            "batch_id": batch_id,
            "started_at": started_at,
            "sample": scope.is_sample,
            "scope": msgspec.to_builtins(scope),
            "interval_seconds": interval_seconds,
            **_LAYOUT,
            "venue": VENUE,
        }
        self.append("batch", header)

    def add_plan(self, markets: list[Market]) -> None:
        """Add markets that are planned from now on."""
        self.append("plan", [str(market) for market in markets])

    def add_ad(self, ad: Ad) -> None:
        """Add an ad that has passed the pipelines."""
        self.append("ad", ad.row())

    def add_refusal(self, entry: Entry, reason: str) -> None:
        """Add an ad that a row rule refused, whole."""
        self.append("refusal", Refusal.of(entry, reason))

    def add_response(self, ask: Ask, status: int, seen_at: datetime, body: bytes) -> None:
        """Add an answer, its body as text, and what was asked (P2P_KEEP_RAW)."""
        record = {
            "market": None if ask.sweep is None else str(ask.sweep.market),
            "page": ask.page or None,
            "path": ask.query.path,
            "request": msgspec.json.decode(ask.query.body),
            "status": status,
            "observed_at": seen_at,
            "body": body.decode("utf-8", "replace"),
        }
        self.append("response", record)

    def add_read(self, row: Sweep) -> None:
        """Add the ledger row of a sweep whose pages are all in; its ads follow, one by one."""
        self.append("read", row.row())

    def add_sweep(self, row: Sweep) -> None:
        """Add the ledger row of a sweep that is closed."""
        self.append("sweep", row.row())


def is_readable(header: dict[str, Any]) -> bool:
    """Whether the rows that follow a header have the columns of this version."""
    return all(header.get(name) == value for name, value in _LAYOUT.items())
