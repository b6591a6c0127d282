"""Manifests against the files on disk."""

import hashlib
import json

import pytest

from items import Side
from p2p_scrapy.lake.inspection import Outcome

SELL = "raw/sell_ads/year=2026/month=06/day=05/snapshot_20260605_133000.parquet"


def whats(report, check):
    return [finding.what for finding in report.tallies.named(check).findings]


def edit(manifest, change):
    record = json.loads(manifest.read_text())
    change(record)
    manifest.write_text(json.dumps(record))


def test_a_snapshot_given_alone_is_verified_by_its_manifest(lake, inspect, troubles):
    lake.batch()
    lake.snapshot(change=lambda rows: rows[0].update(price=12.5))
    report = inspect(lake.paths().snapshot(Side.SELL))
    assert troubles(report) == {"file_checksums": Outcome.FAILED}
    assert report.tallies.named("file_checksums").examined == 1


def test_other_files_of_the_batch_are_not_asked_for(lake, inspect, troubles):
    lake.batch()
    lake.paths().snapshot(Side.BUY).unlink()
    assert troubles(inspect(lake.paths().snapshot(Side.SELL))) == {}


def test_a_snapshot_given_alone_needs_no_manifest(lake, inspect, troubles):
    report = inspect(lake.snapshot())
    assert troubles(report) == {}
    assert report.tallies.named("file_checksums").outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("sha256", "0" * 64, "SHA-256 differs from the manifest's"),
        ("rows", 28, "has 27 rows, the manifest says 28"),
        ("bytes", 5, "the manifest says 5"),
    ],
)
def test_each_figure_of_a_file_is_compared(lake, inspect, troubles, *, field, value, what):
    lake.batch()
    edit(lake.paths().manifest, lambda record: record["files"][1].update({field: value}))
    report = inspect(lake.data_dir)
    assert troubles(report) == {"file_checksums": Outcome.FAILED}
    (finding,) = report.tallies.named("file_checksums").findings
    assert finding.what.endswith(what)
    assert finding.path == lake.data_dir / SELL


def test_a_flipped_byte_is_found_by_both_checksums(lake, inspect, troubles):
    lake.batch()
    path = lake.paths().ledger
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    found = troubles(inspect(lake.data_dir))
    assert found.pop("file_checksums") is Outcome.FAILED
    assert set(found) <= {"page_checksums", "readable"}
    assert len(found) == 1


def test_a_file_that_is_gone_is_named(lake, inspect, troubles):
    lake.batch()
    (lake.data_dir / SELL).unlink()
    report = inspect(lake.data_dir / "raw" / "batches")
    assert troubles(report) == {"listed_files": Outcome.FAILED}
    assert whats(report, "listed_files") == [f"{SELL} does not exist"]


def test_a_snapshot_without_a_manifest_is_named(lake, inspect, troubles):
    lake.batch(0)
    lake.snapshot(number=1)
    report = inspect(lake.data_dir)
    assert troubles(report) == {"manifested": Outcome.FAILED}
    assert report.tallies.named("manifested").paths == {lake.paths(1).snapshot(Side.SELL)}


def test_a_batch_that_has_a_journal_alone_was_killed(lake, inspect, troubles):
    lake.batch()
    journal = lake.paths(1).journal
    journal.parent.mkdir()
    journal.touch()
    report = inspect(lake.data_dir)
    assert troubles(report) == {"closed": Outcome.WARNING}
    assert whats(report, "closed") == ["its batch has a journal and nothing else"]


def test_a_batch_with_its_journal_still_runs(lake, inspect, troubles):
    lake.batch(0)
    lake.snapshot(number=1)
    lake.paths(1).journal.parent.mkdir()
    lake.paths(1).journal.touch()
    assert troubles(inspect(lake.data_dir)) == {"closed": Outcome.WARNING}


def test_a_snapshot_that_its_manifest_does_not_list_is_named(lake, inspect, troubles):
    lake.manifest()
    path = lake.snapshot()
    report = inspect(path)
    assert troubles(report) == {"manifested": Outcome.FAILED}
    assert whats(report, "manifested") == ["is not listed in batch_20260605_133000.json"]


def test_lines_are_proved_by_size_and_checksum(lake, inspect):
    lake.batch()
    refusals = lake.data_dir / "rejected" / "x.jsonl.gz"
    refusals.parent.mkdir()
    refusals.write_bytes(b"lines")
    entry = {"path": "rejected/x.jsonl.gz", "rows": 1, "bytes": 5, "sha256": "0" * 64}
    edit(lake.paths().manifest, lambda record: record["files"].append(entry))
    report = inspect(lake.data_dir)
    assert whats(report, "file_checksums") == ["SHA-256 differs from the manifest's"]


def test_a_file_that_the_disk_does_not_give_is_named(lake, inspect, monkeypatch):
    def fail(*_):
        raise OSError(5, "Input/output error")

    lake.batch()
    monkeypatch.setattr(hashlib, "file_digest", fail)
    report = inspect(lake.paths().snapshot(Side.SELL))
    assert whats(report, "file_checksums") == ["cannot be read: Input/output error"]


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"manifest_version": 2}, "manifest_version"),
        ({"files": None}, "files"),
        ({"files": [{"path": "x"}]}, "rows"),
        ({"files": [{"path": "../x", "rows": 1, "bytes": 1, "sha256": ""}]}, "not below"),
        ({"files": [{"path": "/etc/x", "rows": 1, "bytes": 1, "sha256": ""}]}, "not below"),
        ({"interval_seconds": "soon"}, "interval_seconds"),
    ],
)
def test_a_malformed_manifest_is_named(lake, inspect, troubles, fields, what):
    lake.batch()
    path = lake.manifest(**fields)
    report = inspect(lake.data_dir)
    assert troubles(report) == {"manifests": Outcome.FAILED}
    (finding,) = report.tallies.named("manifests").findings
    assert finding.path == path
    assert what in finding.what


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_manifest_at_all_is_named(lake, inspect, troubles, content):
    lake.batch()
    lake.paths().manifest.write_bytes(content)
    assert troubles(inspect(lake.data_dir)) == {"manifests": Outcome.FAILED}


def test_a_manifest_that_cannot_be_read_is_named(lake, inspect, troubles):
    lake.snapshot()
    lake.paths().manifest.mkdir(parents=True)
    assert troubles(inspect(lake.paths().snapshot(Side.SELL))) == {"manifests": Outcome.FAILED}


def test_a_manifest_outside_a_lake_is_read_for_its_form(lake, inspect, troubles, tmp_path):
    path = lake.manifest().rename(tmp_path / "batch_20260605_133000.json")
    report = inspect(path)
    assert troubles(report) == {}
    assert report.statuses == {"completed": 1}
