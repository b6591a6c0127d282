"""What ``make deploy`` runs, and how the versions sort that it makes."""

import subprocess
from datetime import UTC, datetime, timedelta

from packaging.version import Version
from scrapyd.eggstorage import sorted_versions

from deploy.deploy import new_version
from p2p_scrapy.scrapyd_api import stored
from tests.operations.scrapyd import ROOT


def test_make_deploy_is_what_is_tried_here():
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", "deploy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == ".venv/bin/python -m deploy.deploy"


def test_versions_sort_as_they_are_deployed():
    """By the names of the eggs' files, as scrapyd does; 0_10_0 alone would come before 0_9_0."""
    first = datetime(2026, 11, 21, 16, 59, 59, tzinfo=UTC)
    deployed = [stored(new_version(first + timedelta(seconds=n), f"0.{9 + n}.0")) for n in range(3)]
    assert sorted_versions(deployed[::-1]) == deployed
    assert sorted_versions([stored("0.10.0"), stored("0.9.0")])[-1] == stored("0.9.0")
    version = new_version(first, "0.9.0")
    assert str(Version(version)) == version
