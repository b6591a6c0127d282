"""One inspection from the paths that a person gives to the report that they read."""

import io
import json
import sys

from rich.console import Console
from rich.progress import track

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


def inspect(paths: list[str], interval: float | None, *, as_json: bool) -> bool:
    """Inspect the paths and print the report; whether no check failed.

    Raises:
        UsageError: there is nothing to read.
    """
    report = _inspect(_scan(paths), interval)
    _print(report, as_json=as_json)
    return report.outcome is not Outcome.FAILED


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
