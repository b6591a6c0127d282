"""``scrapy validate``: is what lies in the lake right, whole and unchanged?"""

import argparse
import io
import json
import sys
from math import inf
from typing import Any, ClassVar

from rich.console import Console
from rich.progress import track
from scrapy.commands import ScrapyCommand

from p2p_scrapy.errors import UsageError
from p2p_scrapy.lake.inspection import (
    Inspection,
    Outcome,
    Report,
    Scan,
    document,
    print_report,
    scan,
)


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
        try:
            report = _inspect(_scan(args), opts.interval)
        except UsageError as error:
            sys.stderr.write(f"scrapy validate: {error}\n")
            self.exitcode = error.exit_code
            return
        _print(report, as_json=opts.json)
        self.exitcode = int(report.outcome is Outcome.FAILED)


def _scan(args: list[str]) -> Scan:
    """The paths; an option that nobody knows arrives here too."""
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown:
        raise UsageError(f"{unknown[0]} is no option; see scrapy validate -h")
    if not args:
        raise UsageError("give a Parquet file or a folder to read, such as ./data")
    return scan(args)


def _inspect(found: Scan, interval: float | None) -> Report:
    inspection = Inspection(found, interval)
    console = Console(stderr=True)
    for batch in track(
        found.batches,
        "reading",
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ):
        inspection.read(batch)
    return inspection.report()


def _print(report: Report, *, as_json: bool) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # payment methods may not fit its encoding
    if as_json:
        sys.stdout.write(json.dumps(document(report), indent=2) + "\n")
    else:
        print_report(report, Console())


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value
