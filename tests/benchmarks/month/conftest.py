"""The seed of a small month."""

from datetime import UTC, datetime

import pytest

from benchmarks.month.batches import Calendar
from benchmarks.month.running import Month
from benchmarks.month.seed import Seed


@pytest.fixture(scope="session")
def seed(lake):
    return Seed.of_lake(lake)


@pytest.fixture
def make_month(tmp_path, seed):
    """A month of so many batches in a folder of its own."""

    def make(name, batches):
        folder = tmp_path / name
        folder.mkdir()
        seed.save(folder)
        return Month(folder, Calendar(datetime(2026, 10, 1, tzinfo=UTC), 4), batches, 1)

    return make
