import os
import subprocess
import sys

import pytest

from p2p_scrapy.census.folder import FolderLock, prove_writable
from p2p_scrapy.errors import BatchRunningError, DataFolderError

HOLD = """
import sys
from pathlib import Path
from p2p_scrapy.census.folder import FolderLock
lock = FolderLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def mounted(tmp_path):
    """A file system of its own, mounted with these options."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")

    def mount(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("this machine lets nobody mount a disk")
        return folder

    yield mount
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


@pytest.fixture
def holder(tmp_path, root):
    """Another process that holds the lock of the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_folder_is_made_and_left_empty(tmp_path):
    prove_writable(tmp_path / "new" / "data")
    assert list((tmp_path / "new" / "data").iterdir()) == []
    prove_writable(tmp_path / "new" / "data")


def test_a_folder_below_a_file(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError) as caught:
        prove_writable(tmp_path / "file" / "data")
    assert str(caught.value) == (
        f"the data folder {tmp_path}/file/data cannot be written: Not a directory; "
        "free or fix it, or choose another with P2P_DATA_DIR"
    )
    assert caught.value.exit_code == 1


def test_a_file_in_its_place(tmp_path):
    (tmp_path / "data").touch()
    with pytest.raises(DataFolderError, match=r"data cannot be written: File exists; "):
        prove_writable(tmp_path / "data")


def test_a_disk_that_is_read_only(mounted):
    folder = mounted("ro")
    with pytest.raises(DataFolderError, match="cannot be written: Read-only file system"):
        prove_writable(folder)


def test_a_folder_of_somebody_else(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("permissions bind nobody who is root")
    tmp_path.chmod(0o500)
    with pytest.raises(DataFolderError, match="Permission denied"):
        prove_writable(tmp_path)


@pytest.fixture
def full_disk(mounted):
    folder = mounted("size=64k")
    with (folder / "ballast").open("wb", buffering=0) as file:
        while file.write(b"x" * 4096) == 4096 and os.statvfs(folder).f_bavail:
            pass
    return folder


def test_a_full_disk(full_disk):
    with pytest.raises(DataFolderError, match="cannot be written: No space left on device"):
        prove_writable(full_disk)


def test_a_full_disk_is_left_as_it_was(full_disk):
    with pytest.raises(DataFolderError):
        prove_writable(full_disk)
    assert [path.name for path in full_disk.iterdir()] == ["ballast"]


def test_a_lock_names_its_holder(tmp_path):
    lock = FolderLock(tmp_path).acquire()
    assert (tmp_path / ".lock").read_text() == f"{os.getpid()}\n"
    lock.release()
    lock.release()


def test_a_lock_held_by_another_process(tmp_path, holder):
    with pytest.raises(BatchRunningError) as caught:
        FolderLock(tmp_path).acquire()
    assert str(caught.value) == (
        f"a batch is running in {tmp_path} (process {holder.pid}); "
        "wait for its end, or use another folder"
    )
    assert caught.value.exit_code == 4


def test_the_lock_of_a_killed_process_is_free(tmp_path, holder):
    holder.kill()
    holder.wait()
    lock = FolderLock(tmp_path).acquire()
    assert (tmp_path / ".lock").read_text() == f"{os.getpid()}\n"
    lock.release()


def test_a_released_lock_is_free(tmp_path):
    FolderLock(tmp_path).acquire().release()
    FolderLock(tmp_path).acquire().release()


def test_a_lock_holds_against_the_same_process(tmp_path):
    lock = FolderLock(tmp_path).acquire()
    with pytest.raises(BatchRunningError, match=f"process {os.getpid()}"):
        FolderLock(tmp_path).acquire()
    lock.release()
