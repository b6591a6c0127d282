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
from p2p_scrapy.config import SECRETS, Config, setting_name
from p2p_scrapy.warehouse.standing import standing

WINDOW = setting_name("window_seconds")
WINDOW_SHARE = 0.75
"""Of the interval: the rest is for closing and loading the batch, and for the next one to be on
time."""


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
        settings = _without_secrets(opts.set)
        settings.append(f"{setting_name('time_lapse')}={lapse}")
        settings += _window(opts.set, config)
        if opts.loglevel:
            settings.append(f"LOG_LEVEL={opts.loglevel}")
        command = [sys.executable, "-m", "scrapy", "crawl", "binance_p2p"]
        command += [part for setting in settings for part in ("-s", setting)]
        from p2p_scrapy.watch.metrics.serving import serving

        async with serving(config, clock), standing(config):
            await Daemon(config, command, clock, random.SystemRandom()).run()


def _without_secrets(given: list[str]) -> list[str]:
    """The settings for the batches; what may hold a password is no argument, but inherited."""
    secret = [each for each in given if each.partition("=")[0] in SECRETS]
    for each in secret:
        name, _, os.environ[name] = each.partition("=")
    return [each for each in given if each not in secret]


def _window(given: list[str], config: Config) -> list[str]:
    """The window of the batches, where nobody has set one; 0 is one too."""
    if os.environ.get(WINDOW) or any(each.startswith(f"{WINDOW}=") for each in given):
        return []
    return [f"{WINDOW}={WINDOW_SHARE * config.interval_seconds:g}"]
