import hashlib
import json

import msgspec
import pytest

from items import Shortfall
from p2p_scrapy.lake import manifest


def test_a_record_comes_back_as_it_was(record, paths):
    record.shortfalls = [Shortfall("USDT/VES SELL", "partial", "cut")]
    record.files = [manifest.FileRecord("raw/x.parquet", 1, 2, "ab")]
    manifest.write(record, paths.manifest)
    assert manifest.read(paths.manifest) == record


def test_people_and_other_programs_can_read_it(record, paths):
    manifest.write(record, paths.manifest)
    text = paths.manifest.read_text()
    content = json.loads(text)
    assert content["status"] == "completed"
    assert content["started_at"] == "2026-06-05T13:30:00Z"
    assert (content["schema_version"], content["manifest_version"]) == ("1", 1)
    assert (content["venue"], content["batch_id"]) == ("binance", "batch-1")
    assert '\n "status": "completed",\n' in text


def test_a_manifest_that_is_not_there(paths):
    with pytest.raises(FileNotFoundError):
        manifest.read(paths.manifest)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"batch_id": 1}'])
def test_what_is_no_manifest(paths, content):
    paths.manifest.parent.mkdir(parents=True)
    paths.manifest.write_bytes(content)
    with pytest.raises(msgspec.DecodeError):
        manifest.read(paths.manifest)


def test_a_manifest_of_another_version_is_none(record, paths):
    record.manifest_version = 2
    manifest.write(record, paths.manifest)
    with pytest.raises(msgspec.ValidationError):
        manifest.read(paths.manifest)


def test_manifests_of_the_census_the_newest_first(tmp_path):
    names = [
        "raw/batches/year=2026/month=06/day=05/batch_20260605_133000.json",
        "raw/batches/year=2026/month=06/day=05/batch_20260605_134000.json",
        "raw/batches/year=2026/month=05/day=31/batch_20260531_235000.json",
        "raw/batches/year=2025/month=12/day=31/batch_20251231_235000.json",
    ]
    others = [
        "samples/batches/year=2026/month=06/day=05/batch_20260605_133500.json",
        "raw/batches/year=2026/month=06/day=05/.batch_20260605_135000.json.tmp",
    ]
    for name in (*names, *others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in manifest.newest_first(tmp_path)]
    assert found == [names[1], names[0], names[2], names[3]]


def test_an_empty_lake_has_no_manifests(tmp_path):
    assert list(manifest.newest_first(tmp_path)) == []


def test_what_a_manifest_says_of_a_file(tmp_path):
    path = tmp_path / "raw" / "x.bin"
    path.parent.mkdir()
    content = b"abc" * 100_000
    path.write_bytes(content)
    assert manifest.describe(path, 17, tmp_path) == manifest.FileRecord(
        "raw/x.bin", 17, 300_000, hashlib.sha256(content).hexdigest()
    )
