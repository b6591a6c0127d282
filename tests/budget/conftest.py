"""Runs one after the other, in a folder of their own."""

import pytest

from tests.budget.runs import Run


@pytest.fixture
def run(tmp_path):
    return lambda *how, **more: Run(tmp_path, *how, **more)
