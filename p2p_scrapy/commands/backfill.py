"""``scrapy backfill``: the lake's history into PostgreSQL."""

import argparse
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from p2p_scrapy.command import ProjectCommand
from p2p_scrapy.config import Config
from p2p_scrapy.errors import LoaderBusyError, UsageError, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from p2p_scrapy.warehouse.outcome import Outcome
    from p2p_scrapy.warehouse.period import Period
    from p2p_scrapy.watch.metrics.load import Load


class Command(ProjectCommand):
    """Loads what the warehouse lacks or has otherwise; a second run finds nothing to do.

    The exit code is 1 where a batch could not be loaded, 2 where an option is wrong, else 0.
    """

    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        """What may follow ``scrapy backfill``."""
        return "[--start D] [--end D] [--rebuild]"

    def short_desc(self) -> str:
        """One line for ``scrapy`` without a command."""
        return "Load Parquet history into PostgreSQL again"

    def long_desc(self) -> str:
        """What ``scrapy backfill -h`` says."""
        return (
            "Loads the closed batches of these days (UTC, both included; all by default) from the "
            "lake into the warehouse, in order of time. What is there already stays as it is, "
            "unless a batch has changed since or comes before others: then all from it on is "
            "loaded anew, in one transaction. --rebuild does that from --start on in any case."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's own options."""
        super().add_options(parser)
        parser.add_argument("--start", metavar="D", help="first day, e.g. 2026-11-01")
        parser.add_argument("--end", metavar="D", help="last day, e.g. 2026-11-30")
        parser.add_argument(
            "--rebuild",
            action="store_true",
            help="load all from --start on anew, whatever is there",
        )

    def carry_out(self, config: Config, opts: argparse.Namespace) -> int:
        """Load, and say what was loaded."""
        period = _period(opts.start, opts.end)
        _see_a_lake(config.data_dir)
        return int(bool(_backfill(config, period, is_rebuild=opts.rebuild).damaged))


def _see_a_lake(data_dir: Path) -> None:
    """Refuse a folder in which no batch was ever closed, before a warehouse is made for it."""
    if not (data_dir / "raw" / "batches").is_dir():
        raise UsageError(
            f"there is no lake in {data_dir} (no raw/batches in it), so there is nothing to load;"
            " is P2P_DATA_DIR the folder that the crawls write to?"
        )


def _backfill(config: Config, period: "Period", *, is_rebuild: bool) -> "Outcome":
    from p2p_scrapy.warehouse.database import database
    from p2p_scrapy.warehouse.loader import loader
    from p2p_scrapy.warehouse.quality import Thresholds
    from p2p_scrapy.watch.loading import LoadingReport

    report = LoadingReport()
    thresholds = Thresholds.from_config(config)
    with (
        database(config) as dsn,
        _counted(config, dsn) as load,
        loader(dsn, config.data_dir, thresholds) as warehouse,
        report,
    ):
        warehouse.on_loaded += [report.add, load.add]
        load.begin()
        outcome = warehouse.rebuild(period) if is_rebuild else warehouse.repair(period)
    report.print(outcome)
    return outcome


@contextmanager
def _counted(config: Config, dsn: str) -> "Iterator[Load]":
    """A load for the metrics, which are told what came of it."""
    from p2p_scrapy.watch.metrics.load import Load
    from p2p_scrapy.watch.metrics.publisher import publish_once

    load = Load(config.data_dir)
    try:
        yield load
        load.succeed(dsn)
    except LoaderBusyError:
        raise
    except WarehouseError:
        load.fail()
        raise
    finally:
        publish_once(config, load.enter)


def _period(start: str | None, end: str | None) -> "Period":
    from p2p_scrapy.warehouse.period import Period

    first = _day("--start", start, date.min)
    last = _day("--end", end, date.max - timedelta(days=1))
    if last < first:
        raise UsageError(f"--end {last} is before --start {first}")
    return Period(_midnight(first), _midnight(last + timedelta(days=1)))


def _day(option: str, text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} is {text!r}; it must be a day such as 2026-11-20") from error


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
