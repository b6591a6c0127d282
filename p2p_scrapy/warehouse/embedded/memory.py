"""How much of the machine's memory the server's own cache may take."""

import os
from pathlib import Path

CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
"""What a container may use; ``max`` or absent where nothing limits it (Linux, cgroup v2)."""
SHARE = 8
"""An eighth of the memory is the cache: half of what PostgreSQL's manual advises for a machine
that does nothing else."""
LEAST_MEGABYTES = 128
MOST_MEGABYTES = 4096
"""A month of the whole market, 5.6 GB, is asked as fast from here on."""


def cache_megabytes(memory: int | None = None) -> int:
    """The size of PostgreSQL's ``shared_buffers`` in MB; only what is used of it is ever taken.

    Args:
        memory: bytes of memory that there are, by default what this machine or container has.
    """
    there = memory_bytes() if memory is None else memory
    return min(max(there // SHARE >> 20, LEAST_MEGABYTES), MOST_MEGABYTES)


def memory_bytes(limit: Path = CGROUP_LIMIT) -> int:
    """The memory of the machine, or of the container where that has less."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(physical, int(limit.read_text()))
    except (OSError, ValueError):
        return physical
