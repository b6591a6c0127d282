"""One batch through the real loader, with a watch held beside it."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2.extensions as pg

from p2p_scrapy.warehouse.lake_batch import LakeBatch
from p2p_scrapy.warehouse.loading import Loaded, load
from p2p_scrapy.warehouse.partitions import make_partitions
from p2p_scrapy.warehouse.quality import Thresholds
from p2p_scrapy.warehouse.staging import stage

_THRESHOLDS = Thresholds(completeness=0.95, price_anomaly=0.2, volume_drop=0.5)


@dataclass(frozen=True, slots=True)
class TimedLoad:
    """What a load changed; ``staging`` are seconds in Arrow, ``database`` the rest to COMMIT.

    ``cpu`` are the seconds of CPU that the loader and its server's process took, which other work
    on the machine changes little; None where the system does not tell.
    """

    loaded: Loaded
    staging: float
    database: float
    cpu: float | None

    @property
    def seconds(self) -> float:
        """From the closed files to what is committed."""
        return self.staging + self.database


def timed_load(connection: pg.connection, batch: LakeBatch) -> TimedLoad:
    """Load a batch as the loader does."""
    began, cpu_before = time.perf_counter(), cpu_seconds(connection)
    staged = stage(batch)
    ready = time.perf_counter()
    make_partitions(connection, batch.record.started_at, batch.record.ended_at)
    with connection, connection.cursor() as cursor:
        loaded = load(cursor, staged, _THRESHOLDS)
    ended, cpu_after = time.perf_counter(), cpu_seconds(connection)
    cpu = None if cpu_before is None or cpu_after is None else cpu_after - cpu_before
    return TimedLoad(loaded, ready - began, ended - ready, cpu)


def cpu_seconds(connection: pg.connection) -> float | None:
    """What this process and the server's took so far; None where the system does not tell."""
    if not connection.info.host.startswith("/"):
        return None  # not surely a process of this machine
    try:
        told = Path(f"/proc/{connection.get_backend_pid()}/stat").read_text()
    except OSError:
        return None
    user, system = told.rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
