"""The Chromium of this machine: where it is, how it is started, and what is said if it is not."""

import shutil
from collections.abc import Mapping
from typing import Any

from p2p_scrapy.errors import P2PError

NAMES = ("chromium", "chromium-browser")
"""What Chromium is called on the PATH, by Debian and by others."""
HOW_TO_GET = "apt-get install chromium on Debian"


class BrowserError(P2PError):
    """Chromium cannot be used."""


class NoChromiumError(BrowserError):
    """There is none on the PATH."""

    def __init__(self) -> None:
        super().__init__(f"there is no Chromium on this machine; {HOW_TO_GET}")


class ChromiumDoesNotStartError(BrowserError):
    """It is there, but does not come up; ``words`` are what it said itself."""

    def __init__(self, words: str) -> None:
        super().__init__(f"Chromium does not start: {words}; try it by hand, chromium --headless")


def path() -> str:
    """Where Chromium is.

    Raises:
        NoChromiumError: nowhere on the PATH.
    """
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise NoChromiumError


def launch_options() -> Mapping[str, Any]:
    """How Playwright is to start it: signals are ours alone, which close it in order.

    Raises:
        NoChromiumError: there is none.
    """
    ours = dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False)
    return {"executable_path": path(), **ours}
