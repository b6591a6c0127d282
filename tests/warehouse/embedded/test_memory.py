import os

import pytest

from p2p_scrapy.warehouse.embedded.memory import cache_megabytes, memory_bytes

GB = 1 << 30


@pytest.mark.parametrize(
    ("memory", "megabytes"),
    [(GB // 2, 128), (2 * GB, 256), (24 * GB, 3072), (256 * GB, 4096)],
)
def test_the_cache_is_an_eighth_of_the_memory_within_bounds(memory, megabytes):
    assert cache_megabytes(memory) == megabytes


def test_a_container_has_what_it_was_given(tmp_path):
    limit = tmp_path / "memory.max"
    limit.write_text(f"{GB}\n")
    assert memory_bytes(limit) == GB


@pytest.mark.parametrize("text", ["max\n", None, f"{1 << 62}\n"])
def test_without_a_limit_it_is_the_machines(tmp_path, text):
    limit = tmp_path / "memory.max"
    if text:
        limit.write_text(text)
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert memory_bytes(limit) == physical
