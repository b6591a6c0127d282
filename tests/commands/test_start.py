"""What every command line takes: Scrapy imports all commands for each, and all spiders too."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = """
import atexit, sys
from scrapy.cmdline import execute
atexit.register(lambda: print(*sys.modules))
execute(["scrapy", "list"])
"""


@pytest.fixture(scope="module")
def imported():
    """The names of all modules that a list of the spiders imports."""
    run = subprocess.run(
        [sys.executable, "-c", LIST], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("used", ["p2p_scrapy.commands.notify", "p2p_scrapy.spiders.binance_p2p"])
def test_commands_and_spiders_are_imported(imported, used):
    assert used in imported


@pytest.mark.parametrize(
    "heavy",
    [
        "aiohttp",
        "apprise",
        "pandas",
        "playwright",
        "psycopg2",
        "rich",
        "p2p_scrapy.exchange",
        "p2p_scrapy.futures.archive",
        "p2p_scrapy.warehouse.loader",
        "p2p_scrapy.watch.notices",
        "scrapy.core.downloader.handlers.http11",
    ],
)
def test_what_one_run_needs_is_left_to_it(imported, heavy):
    assert heavy not in imported
