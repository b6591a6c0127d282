"""Files on disk against what a manifest says of them."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.finding import Finding, Tallies
from p2p_scrapy.lake.inspection.lake_file import Kind, LakeFile
from p2p_scrapy.lake.inspection.manifest import (
    ListedFile,
    Manifest,
    UnreadableManifestError,
    read_manifest,
)
from p2p_scrapy.lake.inspection.scan import Batch, Scan
from p2p_scrapy.lake.paths import BatchPaths

_Listed = Mapping[Path, ListedFile]


def inspect_manifest(batch: Batch, scan: Scan, tallies: Tallies) -> Manifest | None:
    """Verify the files of a batch against its manifest, which is looked up where it should be.

    A manifest that is itself to be read answers for all the files that it lists; one that was
    only looked up, for those that are to be read.
    """
    given = next((file.path for file in batch.files if file.kind is Kind.MANIFEST), None)
    places = next((file.batch for file in batch.files if file.batch), None)
    path = given or (places.manifest if places else None)
    if path is None:
        return None
    if not path.exists():
        _without_manifest(batch, scan, tallies)
        return None
    tallies.record(catalogue.CLOSED)
    manifest = _read(path, tallies)
    if manifest and places:
        listed = {places.data_dir / entry.path: entry for entry in manifest.files}
        _match_snapshots(listed, path, batch, tallies)
        asked = {file.path for file in batch.files}
        _verify({at: e for at, e in listed.items() if given or at in asked}, path, tallies)
    return manifest


def _without_manifest(batch: Batch, scan: Scan, tallies: Tallies) -> None:
    """A snapshot that was given without the manifests' folder is not to blame."""
    for file in batch.files:
        if file.kind is Kind.SNAPSHOT and file.batch:
            folder = file.batch.root / "batches"
            if scan.covers(folder) and folder.is_dir():
                _record_open(file, tallies, is_open=file.batch.journal.exists())


def inspect_journals(scan: Scan, tallies: Tallies) -> None:
    """Name the batches of which nothing but a journal is there."""
    files = [file.batch for batch in scan.batches for file in batch.files if file.batch]
    known = {places.journal for places in files}
    for data_dir in sorted({places.data_dir for places in files}):
        if scan.covers(data_dir / "journal"):
            left = [path for path in BatchPaths.journals(data_dir) if path not in known]
            what = "its batch has a journal and nothing else"
            tallies.record(catalogue.CLOSED, (Finding(catalogue.CLOSED, p, what) for p in left))


def _record_open(file: LakeFile, tallies: Tallies, *, is_open: bool) -> None:
    check = catalogue.CLOSED if is_open else catalogue.MANIFESTED
    what = "its batch has a journal and no manifest" if is_open else "has no manifest"
    tallies.record(check, [Finding(check, file.path, what)])


def _read(path: Path, tallies: Tallies) -> Manifest | None:
    try:
        manifest = read_manifest(path)
    except UnreadableManifestError as error:
        tallies.record(catalogue.MANIFESTS, [Finding(catalogue.MANIFESTS, path, error.why)])
        return None
    tallies.record(catalogue.MANIFESTS)
    return manifest


def _match_snapshots(listed: _Listed, manifest: Path, batch: Batch, tallies: Tallies) -> None:
    check = catalogue.MANIFESTED
    for file in batch.files:
        if file.kind is Kind.SNAPSHOT:
            what = f"is not listed in {manifest.name}"
            tallies.record(check, [] if file.path in listed else [Finding(check, file.path, what)])


def _verify(listed: _Listed, manifest: Path, tallies: Tallies) -> None:
    check = catalogue.FILE_CHECKSUMS
    for path, entry in listed.items():
        if path.is_file():
            tallies.record(catalogue.LISTED_FILES)
            tallies.record(
                check, (Finding(check, path, what) for what in _differences(path, entry))
            )
        else:
            absent = Finding(catalogue.LISTED_FILES, manifest, f"{entry.path} does not exist")
            tallies.record(catalogue.LISTED_FILES, [absent])


def _differences(path: Path, entry: ListedFile) -> Iterator[str]:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as error:
        yield f"cannot be read: {error.strerror}"
        return
    if size != entry.bytes:
        yield f"has {size:,} bytes, the manifest says {entry.bytes:,}"
    elif digest != entry.sha256.lower():
        yield "SHA-256 differs from the manifest's"
    rows = _rows(path)
    if rows is not None and rows != entry.rows:
        yield f"has {rows:,} rows, the manifest says {entry.rows:,}"


def _rows(path: Path) -> int | None:
    """The rows that a Parquet file says it has; damage is named where the file is read."""
    if path.suffix != ".parquet":
        return None
    try:
        return pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError, ValueError):
        return None
