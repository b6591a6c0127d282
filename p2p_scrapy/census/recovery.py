"""What a killed batch left in its journal is brought into the lake at the next start."""

import shutil
from pathlib import Path

from items import BatchRecord
from p2p_scrapy import journal
from p2p_scrapy.census import killed
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.census.remains import Remains
from p2p_scrapy.clock import Clock
from p2p_scrapy.config import Config
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths


def recover(config: Config, clock: Clock) -> list[str]:
    """Close every batch whose journal still stands; call it under the folder's lock.

    What was done is returned, a sentence a batch.

    Raises:
        OSError: the disk's trouble; the journals stay for the next start.
    """
    journals = BatchPaths.journals(config.data_dir)
    done = [_recover_one(path, config, clock) for path in journals]
    return [sentence for sentence in done if sentence is not None]


def _recover_one(path: Path, config: Config, clock: Clock) -> str | None:
    try:
        return _bring_in(path, config, clock)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad journal must not keep every later start
        return f"{_set_aside(path)} cannot become files ({error!r}) and is set aside"


def _bring_in(path: Path, config: Config, clock: Clock) -> str | None:
    remains = Remains.of(path)
    if remains.is_empty and not journal.damaged_bytes(path):
        path.unlink()  # killed in its first write: nothing had passed
        return None
    if remains.header is None:
        return f"{_set_aside(path)} cannot be read by this version and is set aside"
    paths = BatchPaths(
        config.data_dir, remains.header["started_at"], sample=remains.header["sample"]
    )
    if paths.manifest.exists():
        path.unlink()
        return None
    damage = _keep_if_damaged(path)
    record = _close(remains, paths, clock)
    if not paths.sample:
        _enter_checkpoint(config.data_dir, remains)
    started, ads = f"{record.started_at:%Y-%m-%d %H:%M:%S} UTC", sum(record.ads.values())
    return f"the batch of {started} was killed: {ads} ads recovered, {record.status}{damage}"


def _keep_if_damaged(path: Path) -> str:
    """Keep a copy of a journal that something else than a kill has cut; what to say of it."""
    damaged = journal.damaged_bytes(path)
    if not damaged:
        return ""
    copy = path.with_name(f"damaged_{path.name.strip('.').removesuffix('.tmp')}")
    shutil.copyfile(path, copy)
    return f"; {damaged} bytes of its journal are damaged and NOT recovered, they lie in {copy}"


def _set_aside(path: Path) -> Path:
    """Give a journal a visible name, under which no start looks at it again."""
    return path.rename(path.with_name(path.name.strip(".").removesuffix(".tmp")))


def _close(remains: Remains, paths: BatchPaths, clock: Clock) -> BatchRecord:
    log = Journal(paths.journal)
    for row in killed.unfinished(remains):
        log.append("sweep", row.row())
        remains.enter(list(row.row()))
    log.close()
    return close_batch(killed.record_of(remains, clock.now()), paths)


def _enter_checkpoint(data_dir: Path, remains: Remains) -> None:
    checkpoint = Checkpoint.load(data_dir)
    checkpoint.fell_short(failed=not remains.verdicts)
    checkpoint.save(data_dir)
