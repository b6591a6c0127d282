"""``scrapy collect``: the daemon."""

import argparse
import asyncio
import os
import random
import sys

from p2p_scrapy.census.daemon import Daemon
from p2p_scrapy.census.folder import prove_writable
from p2p_scrapy.clock import SystemClock
from p2p_scrapy.command import ProjectCommand
from p2p_scrapy.config import Config, setting_name
from p2p_scrapy.warehouse.standing import standing

DATABASE = setting_name("database_url")


class Command(ProjectCommand):
    """A batch every interval, start to start, until SIGINT or SIGTERM."""

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

    def carry_out(self, config: Config, opts: argparse.Namespace) -> int:
        """Collect; the exit code is 0 after a signal."""
        prove_writable(config.data_dir)
        asyncio.run(self._collect(config, opts))
        return 0

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
