"""``scrapy validate``: is what lies in the lake right, whole and unchanged?"""

import argparse
import sys
from math import inf
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from p2p_scrapy.errors import UsageError


class Command(ScrapyCommand):
    """Reads snapshots, ledgers and manifests and prints a report; needs no network.

    The exit code is 1 where a check fails, 2 where there is nothing to read, else 0.
    """

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow ``scrapy validate``."""
        return "PATH [PATH...] [--interval SECONDS] [--json]"

    def short_desc(self) -> str:
        """One line for ``scrapy`` without a command."""
        return "Check Parquet snapshots, ledgers and manifests, and report on them"

    def long_desc(self) -> str:
        """What ``scrapy validate -h`` says."""
        return (
            "Reads snapshot files or a folder (the data folder, raw/, one side, one day, samples/) "
            "and prints counts, prices, spreads and what is wrong, with what to do about it. "
            "Exit code: 1 where a check fails, 2 where there is nothing to read, else 0."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's own options."""
        super().add_options(parser)
        parser.add_argument(
            "--interval",
            type=_seconds,
            metavar="SECONDS",
            help="expected time between two snapshots (default: as the manifests say)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document instead")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Inspect the paths and print the report."""
        from p2p_scrapy.lake.inspection.session import inspect

        try:
            is_sound = inspect(args, opts.interval, as_json=opts.json)
        except UsageError as error:
            sys.stderr.write(f"scrapy validate: {error}\n")
            self.exitcode = error.exit_code
            return
        self.exitcode = int(not is_sound)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value
