import errno
import os
import resource
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_scrapy import journal
from p2p_scrapy.errors import DiskFullError
from p2p_scrapy.journal import Journal

RECORDS = [
    ("batch", {"id": "b", "sample": False}),
    ("ad", ["1", 58.1, None]),
    ("ad", ["2", 1.0, 3]),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal" / ".batch.journal.tmp"


def write(path, records=RECORDS):
    """A journal of these records; the file's size after each of them."""
    log = Journal(path)
    sizes = [path.stat().st_size]
    for kind, payload in records:
        log.append(kind, payload)
        sizes.append(path.stat().st_size)
    log.close()
    return sizes


def test_records_come_back_in_order(path):
    write(path)
    assert list(journal.read(path)) == RECORDS


def test_an_empty_journal(path):
    assert write(path, []) == [0]
    assert list(journal.read(path)) == []


def test_a_record_is_in_the_file_before_append_returns(path):
    log = Journal(path)
    for count, (kind, payload) in enumerate(RECORDS, start=1):
        log.append(kind, payload)
        assert list(journal.read(path)) == RECORDS[:count]
    log.close()


def test_tuples_come_back_as_lists_and_times_in_utc(path):
    moment = datetime(2026, 6, 5, 15, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    write(path, [("ad", (moment, (1, 2.5), None, True, "Bs. ₽ د.إ", 2**63 - 1, -(2**63)))])
    ((_, values),) = journal.read(path)
    in_utc = datetime(2026, 6, 5, 13, 30, 0, 123456, tzinfo=UTC)
    assert values == [in_utc, [1, 2.5], None, True, "Bs. ₽ د.إ", 2**63 - 1, -(2**63)]
    assert values[0].tzinfo is UTC


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=8),
            st.recursive(
                st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
                lambda inner: st.lists(inner, max_size=5),
                max_leaves=20,
            ),
        ),
        max_size=8,
    )
)
def test_any_records_come_back(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("any") / "journal"
    write(path, records)
    assert list(journal.read(path)) == records


def test_a_tail_torn_anywhere_is_left_out(path):
    sizes = write(path)
    whole = path.read_bytes()
    assert len(whole) == sizes[-1]
    for size in range(sizes[-1]):
        path.write_bytes(whole[:size])
        survived = sum(each <= size for each in sizes[1:])
        assert list(journal.read(path)) == RECORDS[:survived]


def test_reopening_cuts_off_a_tail_torn_anywhere(path):
    sizes = write(path)
    whole = path.read_bytes()
    for size in range(sizes[2], sizes[3]):
        path.write_bytes(whole[:size])
        log = Journal(path)
        assert path.stat().st_size == sizes[2]
        log.append("sweep", ["after"])
        log.close()
        assert list(journal.read(path)) == [*RECORDS[:2], ("sweep", ["after"])]


def test_a_flipped_byte_costs_its_record_and_what_follows_and_invents_nothing(path):
    sizes = write(path)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for mask in (0x01, 0x80, 0xFF):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
            survived = sum(each <= at for each in sizes[1:])
            assert list(journal.read(path)) == RECORDS[:survived]


def test_reopening_cuts_from_a_flipped_byte_on(path):
    sizes = write(path)
    whole = path.read_bytes()
    for at in range(sizes[1], sizes[2]):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        Journal(path).close()
        assert path.read_bytes() == whole[: sizes[1]]


def test_reopening_a_whole_journal_goes_on_behind_it(path):
    write(path, RECORDS[:2])
    write(path, RECORDS[2:])
    assert list(journal.read(path)) == RECORDS


@pytest.mark.parametrize("length", [8, 16, 4096])
def test_a_tail_of_zeros_is_left_out(path, length):
    write(path)
    with path.open("ab") as file:
        file.write(bytes(length))
    assert list(journal.read(path)) == RECORDS


def test_a_torn_head_of_zeros_is_left_out(path):
    write(path)
    with path.open("ab") as file:
        file.write(bytes(7))
    assert list(journal.read(path)) == RECORDS


READ_IN_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from p2p_scrapy import journal
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
print(len(list(journal.read(Path(sys.argv[1])))))
"""


def test_a_torn_head_that_tells_gigabytes_needs_no_such_memory(path, root):
    write(path)
    with path.open("ab") as file:
        file.write(struct.pack("<II", 0xFFFF_FFF0, 1) + b"rest")
    done = subprocess.run(
        [sys.executable, "-c", READ_IN_LITTLE_MEMORY, str(path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("3\n", 0)


def test_a_missing_journal_is_the_callers_business(path):
    with pytest.raises(FileNotFoundError):
        list(journal.read(path))


def test_a_journal_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="File exists"):
        Journal(tmp_path / "file" / "journal")


def test_closing_twice_is_closing_once(path):
    log = Journal(path)
    log.append(*RECORDS[0])
    log.close()
    log.close()
    assert list(journal.read(path)) == RECORDS[:1]


def test_a_full_disk_costs_the_record_and_no_earlier_one(small_disk):
    path = small_disk / "journal"
    log = Journal(path)
    kept = []

    def append_until_full():
        for number in range(1000):
            log.append("ad", [number, "x" * 5000])
            kept.append(number)

    with pytest.raises(DiskFullError, match=f"no space left for {path}"):
        append_until_full()
    assert 30 < len(kept) < 60
    assert [payload[0] for _, payload in journal.read(path)] == kept
    assert path.stat().st_size == log._size
    log.close()


def test_after_a_full_disk_smaller_records_and_freed_space_serve(small_disk):
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 128 * 1024)
    log = Journal(small_disk / "journal")
    log.append("ad", [1])
    with pytest.raises(DiskFullError):
        log.append("ad", ["x" * 1_000_000])
    log.append("ad", [2])
    ballast.unlink()
    log.append("ad", ["x" * 140_000])
    log.close()
    read = [payload for _, payload in journal.read(small_disk / "journal")]
    assert read == [[1], [2], ["x" * 140_000]]


@pytest.fixture
def largest_file():
    """Let no file of this process grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_record_that_is_written_in_part_is_taken_back(path, largest_file):
    log = Journal(path)
    log.append(*RECORDS[0])
    whole = path.read_bytes()
    largest_file(len(whole) + 10)
    with pytest.raises(OSError, match="File too large") as caught:
        log.append("ad", ["x" * 100])
    assert caught.value.errno == errno.EFBIG
    assert path.read_bytes() == whole
    log.close()


def test_another_trouble_of_the_disk_is_told_as_it_is(path):
    log = Journal(path)
    log.append(*RECORDS[0])
    os.close(log._file)
    with pytest.raises(OSError, match="Bad file descriptor") as caught:
        log.append(*RECORDS[1])
    assert caught.value.errno == errno.EBADF
    assert list(journal.read(path)) == RECORDS[:1]
