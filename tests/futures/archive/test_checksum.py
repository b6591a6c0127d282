"""CHECKSUM files."""

import pytest

from p2p_scrapy.futures.archive.checksum import parse_checksum, sha256_of
from p2p_scrapy.futures.archive.errors import ChecksumError

DIGEST = "ab" * 32
NAME = "BTCUSDT-1m-2020-01-01.zip"


def test_real_lines(recorded_file):
    lines = recorded_file("checksums_um_aggTrades_official.txt").splitlines(keepends=True)
    names = ["BTCUSDT-aggTrades-2019-12-31.zip", "BTCUSDT-aggTrades-2024-04-20.zip"]
    digests = [parse_checksum(line, name) for line, name in zip(lines, names, strict=True)]
    assert [digest[:8] for digest in digests] == ["ef24cf54", "f00b085f"]


def test_a_real_checksum_is_of_its_zip(recorded_file, tmp_path):
    path = tmp_path / NAME
    path.write_bytes(recorded_file(f"lostleaf_{NAME}"))
    assert parse_checksum(recorded_file(f"lostleaf_{NAME}.CHECKSUM"), NAME) == sha256_of(path)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("between", ["  ", " *", "\t"])
def test_every_way_of_writing_one(end, between):
    assert parse_checksum(f"{DIGEST.upper()}{between}{NAME}{end}".encode(), NAME) == DIGEST


@pytest.mark.parametrize("content", [b"", b"<html>", DIGEST.encode(), b"12  " + NAME.encode()])
def test_what_is_none(content):
    with pytest.raises(ChecksumError, match="holds no SHA-256"):
        parse_checksum(content, NAME)


def test_that_of_another_file():
    with pytest.raises(ChecksumError, match=r"is of another file: other\.zip"):
        parse_checksum(f"{DIGEST}  other.zip".encode(), NAME)
