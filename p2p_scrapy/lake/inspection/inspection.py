"""The inspection of a lake: one batch after another, one file in memory at a time."""

from collections import Counter
from pathlib import Path

from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.cadence import Cadence
from p2p_scrapy.lake.inspection.census import Census
from p2p_scrapy.lake.inspection.check import Check
from p2p_scrapy.lake.inspection.finding import Finding, Tallies
from p2p_scrapy.lake.inspection.lake_file import Home, Kind, LakeFile
from p2p_scrapy.lake.inspection.ledger import inspect_ledger
from p2p_scrapy.lake.inspection.listed import inspect_journals, inspect_manifest
from p2p_scrapy.lake.inspection.parquet import UnreadableFileError
from p2p_scrapy.lake.inspection.report import Report
from p2p_scrapy.lake.inspection.scan import Batch, Scan
from p2p_scrapy.lake.inspection.snapshot import Snapshot, inspect_snapshot
from p2p_scrapy.lake.inspection.verified import (
    inspect_merged,
    inspect_schema_file,
    verified_table,
)


class Inspection:
    """Reads batches in the order of time and says at the end what was found.

    ``interval`` is the expected time between two snapshots in seconds; by default the manifests
    tell it, or the steps between the snapshots.
    """

    def __init__(self, scan: Scan, interval: float | None = None) -> None:
        self._scan = scan
        self._tallies = Tallies()
        self._cadence = Cadence(interval)
        self._censuses: dict[Home, Census] = {}
        self._files: Counter[Kind] = Counter()
        self._statuses: Counter[str] = Counter()
        for path, why in scan.barred.items():
            self._found(catalogue.READABLE, path, f"cannot be entered: {why}")

    def read(self, batch: Batch) -> None:
        """Read the next batch, in the order of the scan; damage becomes a finding."""
        self._read_manifest(batch)
        snapshots: list[Snapshot] = []
        for file in batch.files:
            self._files[file.kind] += 1
            try:
                self._read_file(file, snapshots)
            except UnreadableFileError as error:
                check = catalogue.PAGE_CHECKSUMS if error.checksum else catalogue.READABLE
                self._found(check, file.path, error.why)
        if snapshots:
            self._censuses[batch.files[0].home].add_spreads(snapshots)

    def report(self) -> Report:
        """What was found in all batches read."""
        self._cadence.inspect(self._tallies)
        inspect_journals(self._scan, self._tallies)
        return Report(self._tallies, self._censuses, self._files, self._statuses)

    def _found(self, check: Check, path: Path, what: str) -> None:
        self._tallies.record(check, [Finding(check, path, what)])

    def _read_manifest(self, batch: Batch) -> None:
        manifest = inspect_manifest(batch, self._scan, self._tallies)
        if manifest is None:
            return
        self._statuses[manifest.status] += 1
        if manifest.interval_seconds and batch.started_at:
            key = batch.files[0].home, batch.started_at
            self._cadence.manifests[key] = manifest.interval_seconds

    def _read_file(self, file: LakeFile, snapshots: list[Snapshot]) -> None:
        match file.kind:
            case Kind.SNAPSHOT:
                snapshots.append(self._snapshot(file))
            case Kind.LEDGER:
                inspect_ledger(
                    file, verified_table(file.path, self._tallies), snapshots, self._tallies
                )
            case Kind.SCHEMA:
                inspect_schema_file(file.path, self._tallies)
            case Kind.MERGED:
                inspect_merged(file.path, self._tallies)

    def _snapshot(self, file: LakeFile) -> Snapshot:
        snapshot = inspect_snapshot(file, verified_table(file.path, self._tallies), self._tallies)
        self._cadence.add(snapshot)
        self._censuses.setdefault(file.home, Census()).add(snapshot)
        return snapshot
