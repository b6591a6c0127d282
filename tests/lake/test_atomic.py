import errno

import pytest

from p2p_scrapy.lake.atomic import atomic, write_bytes


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_stands_under_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "a" / "b" / "manifest.json"
    with atomic(path) as temporary:
        assert temporary == tmp_path / "a" / "b" / ".manifest.json.tmp"
        temporary.write_bytes(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"
    assert names(path.parent) == ["manifest.json"]


def test_an_exception_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "checkpoint.json"
    path.write_bytes(b"old")

    def write_half():
        with atomic(path) as temporary:
            temporary.write_bytes(b"new, but")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["checkpoint.json"]


def test_an_exception_before_anything_is_written_leaves_nothing(tmp_path):
    def write_nothing():
        with atomic(tmp_path / "new"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_nothing()
    assert names(tmp_path) == []


def test_a_file_that_was_never_written_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError), atomic(tmp_path / "new"):
        pass
    assert names(tmp_path) == []


def test_what_a_killed_writer_left_is_written_over(tmp_path):
    (tmp_path / ".new.tmp").write_bytes(b"left by a kill, and longer than what comes")
    write_bytes(tmp_path / "new", b"whole")
    assert (tmp_path / "new").read_bytes() == b"whole"
    assert names(tmp_path) == ["new"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(small_disk):
    path = small_disk / "snapshot"
    write_bytes(path, b"old")
    with pytest.raises(OSError, match="No space left") as caught:
        write_bytes(path, b"x" * 1_000_000)
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"old"
    assert names(small_disk) == ["snapshot"]
