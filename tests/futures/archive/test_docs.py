"""docs/futures-history.md says what the code does."""

import re

import pytest

from p2p_scrapy.exchange.futures.archive.fault_kinds import ARCHIVE_KINDS
from p2p_scrapy.futures.archive.asked import _ARGUMENTS, _DEFAULTS
from p2p_scrapy.futures.archive.klines import INTERVALS


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs/futures-history.md").read_text("utf-8")


def cells(page, heading):
    """The rows of the table below a heading."""
    below = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in below.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_every_argument_and_its_default(page):
    table = cells(page, "Arguments")
    assert [row[0].strip("`") for row in table] == list(_ARGUMENTS)
    told = {row[0].strip("`"): row[1].strip("`") for row in table}
    assert told["datasets"] == _DEFAULTS["datasets"]
    assert told["interval"] == _DEFAULTS["interval"]
    assert _DEFAULTS["start"].startswith(told["start"])
    allowed = next(row[2] for row in table if row[0] == "`interval`")
    assert re.findall(r"`(\w+)`", allowed) == list(INTERVALS)


def test_every_fault_of_content(page, root):
    folder = root / "p2p_scrapy/futures/archive"
    noted = {"quantity not above 0", "price not above 0"}  # put together in the code
    for name in ("trades", "klines"):
        noted |= set(re.findall(r'note\("([^"]+)"', (folder / f"{name}.py").read_text("utf-8")))
    assert {row[1].strip("`") for row in cells(page, "What is checked")} == noted


def test_every_exit_code(page):
    assert [row[0] for row in cells(page, "Exit codes")] == ["0", "1", "2", "3", "4"]


def test_every_fault_of_the_bundled_archive_in_order(root):
    page = (root / "docs/exchange.md").read_text("utf-8")
    assert [row[0].strip("`") for row in cells(page, "The archive")] == list(ARCHIVE_KINDS)
