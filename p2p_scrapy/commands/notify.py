"""``scrapy notify``: tries the addresses of P2P_ALERT_URLS; scripts raise and end alerts by it."""

import argparse
import re
from typing import Any, ClassVar

from p2p_scrapy.clock import SystemClock
from p2p_scrapy.command import ProjectCommand
from p2p_scrapy.config import Config
from p2p_scrapy.errors import UsageError


class Command(ProjectCommand):
    """Does what an alert of a batch does, for what no batch can see: that there is none.

    The exit code is 0 where it is done, 1 where an address takes no messages, 2 for wrong use.
    """

    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "--test | --kind KIND --error TEXT | --recovered KIND"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Try the addresses of alerts, or raise one from a script"

    def long_desc(self) -> str:
        """What ``scrapy notify -h`` says."""
        return (
            "--test sends a message to each address of P2P_ALERT_URLS and says which took it. "
            "--kind raises an alert as a batch does (a file below alerts/, a log line, messages), "
            "unless one of that kind stands already; --recovered ends it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's own options."""
        super().add_options(parser)
        parser.add_argument("--test", action="store_true", help="send a message to each address")
        parser.add_argument("--kind", metavar="KIND", help="raise an alert of this kind")
        parser.add_argument("--error", metavar="TEXT", help="what it says")
        parser.add_argument("--recovered", metavar="KIND", help="end an alert of this kind")

    def carry_out(self, config: Config, opts: argparse.Namespace) -> int:
        """Do the one thing that was asked for."""
        _prove_one_thing(opts)
        return 0 if _do(config, opts) else 1


def _prove_one_thing(opts: argparse.Namespace) -> None:
    asked = [opts.test, opts.kind is not None, opts.recovered is not None]
    if sum(asked) != 1 or (opts.kind is None) != (opts.error is None):
        raise UsageError("give --test, or --kind with --error, or --recovered: one of the three")
    kind = opts.recovered if opts.kind is None else opts.kind
    if kind is not None and not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", kind):
        allowed = "up to 60 small letters, digits and _, a letter first"
        raise UsageError(f"a kind of alert is {kind!r}; it must be {allowed}")


def _do(config: Config, opts: argparse.Namespace) -> bool:
    """The one thing; whether every address has taken what it was sent."""
    from p2p_scrapy.watch.notices import by_hand

    clock = SystemClock(config.time_lapse.factor, config.time_lapse.origin)
    if opts.test:
        return by_hand.try_addresses(config, clock)
    if opts.recovered is not None:
        return by_hand.recover(config, clock, opts.recovered)
    return by_hand.call(config, clock, opts.kind, opts.error)
