import pytest

from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.paths import BatchPaths


@pytest.fixture
def in_lake(tmp_path):
    """Put a batch's manifest into the lake below tmp_path."""

    def put(record):
        manifest.write(record, BatchPaths(tmp_path, record.started_at).manifest)
        return record

    return put
