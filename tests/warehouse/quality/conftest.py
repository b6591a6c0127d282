"""What was recorded of a batch, as analysts see it."""

from dataclasses import dataclass
from datetime import datetime

import pytest


@dataclass
class Recorded:
    value: float | None
    threshold: float | None
    passed: bool
    details: dict
    at: datetime


@pytest.fixture
def checks(load, query, thresholds):
    """Load a batch; its checks by name, as ``ops_data_quality`` shows them."""

    def run(batch, limits=thresholds):
        loaded = load(batch, limits)
        rows = query(
            "SELECT metric_name, metric_value, threshold_value, passed, details, check_timestamp"
            " FROM ops_data_quality WHERE batch_id = %s",
            batch.record.batch_id,
        )
        found = {name: Recorded(*row) for name, *row in rows}
        failed = {name for name, each in found.items() if not each.passed}
        assert failed == set(loaded.failed_checks)
        return found

    return run
