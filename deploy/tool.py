"""What the tools of this folder that take one folder have in common."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from scrapy.settings import Settings

from p2p_scrapy.config import Config, values
from p2p_scrapy.errors import P2PError, UsageError


def run_tool(name: str, work: Callable[[Config, Path], None], hint: str) -> int:
    """Do it with the environment's settings, or say in one line why not; the exit code.

    Args:
        name: what the line begins with.
        work: what is done with the folder that is the only argument.
        hint: what to type, where that is something else.
    """
    try:
        if len(sys.argv) != 2:  # noqa: PLR2004 - the program's name, and the folder
            raise UsageError(hint)
        work(Config.from_settings(Settings(values(os.environ))), Path(sys.argv[1]))
    except P2PError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return error.exit_code
    return 0
