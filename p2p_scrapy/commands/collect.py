"""``scrapy collect``: the daemon."""

import argparse
import asyncio
import os
import random
import sys

from scrapy.commands import ScrapyCommand
from scrapy.utils.log import configure_logging

from p2p_scrapy.census.daemon import Daemon
from p2p_scrapy.census.folder import prove_writable
from p2p_scrapy.clock import SystemClock
from p2p_scrapy.config import Config, setting_name
from p2p_scrapy.errors import P2PError, UsageError
from p2p_scrapy.warehouse.standing import standing

DATABASE = setting_name("database_url")


class Command(ScrapyCommand):
    """A batch every interval, start to start, until SIGINT or SIGTERM."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Take a batch every interval until stopped"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --interval."""
        super().add_options(parser)
        name = setting_name("interval_seconds")
        parser.add_argument("--interval", metavar="SECONDS", help=f"as -s {name}=SECONDS")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Take --interval for the setting that it is."""
        if opts.interval is not None:
            opts.set.append(f"{setting_name('interval_seconds')}={opts.interval}")
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Collect; the exit code is 0 after a signal."""
        if self.settings is None:
            raise RuntimeError("scrapy has given no settings")
        configure_logging(self.settings)
        try:
            if args:
                raise UsageError(f"{args[0]} is no option; see scrapy collect -h")
            config = Config.from_settings(self.settings)
            prove_writable(config.data_dir)
            asyncio.run(self._collect(config, opts))
        except P2PError as error:
            print(f"scrapy collect: {error}", file=sys.stderr)  # noqa: T201 - the one clear line
            self.exitcode = error.exit_code

    async def _collect(self, config: Config, opts: argparse.Namespace) -> None:
        clock = SystemClock(config.time_lapse.factor, config.time_lapse.origin)
        lapse = f"{clock.lapse}@{clock.origin.isoformat()}"
        settings = [each for each in opts.set if not each.startswith(f"{DATABASE}=")]
        settings.append(f"{setting_name('time_lapse')}={lapse}")
        os.environ[DATABASE] = config.database_url  # what holds a password is no argument
        if opts.loglevel:
            settings.append(f"LOG_LEVEL={opts.loglevel}")
        command = [sys.executable, "-m", "scrapy", "crawl", "binance_p2p"]
        command += [part for setting in settings for part in ("-s", setting)]
        async with standing(config):
            await Daemon(config, command, clock, random.SystemRandom()).run()
