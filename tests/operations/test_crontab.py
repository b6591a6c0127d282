"""The crontab, as cron itself reads it."""

import shutil
import subprocess

import pytest

from tests.operations.crontab import Crontab
from tests.operations.scrapyd import ROOT


def test_the_crontab_is_one_that_cron_takes():
    crontab = Crontab()
    assert crontab.schedule == "*/10 * * * *"
    assert crontab.environment["BATCHES_BY"] == "scrapyd"
    assert "%" not in crontab.command  # cron takes it for a line's end
    if shutil.which("crontab") is None:
        pytest.skip("no cron on this machine: the file is read by this test alone")
    checked = subprocess.run(["crontab", "-n", ROOT / "cron/p2p-scrapy"], check=False)
    assert checked.returncode == 0
