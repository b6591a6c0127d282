"""``scrapy health``: is the census fresh and whole, and what it needs there?"""

import argparse
import json
import sys
from typing import Any, ClassVar

from p2p_scrapy.clock import SystemClock
from p2p_scrapy.command import ProjectCommand
from p2p_scrapy.config import Config


class Command(ProjectCommand):
    """Says it in lines or JSON, and by its exit code, to cron, Docker and people.

    The exit code is 0 where all is well, 3 where the last batch was partial and nothing else is
    wrong, 2 where a setting or option is wrong, else 1.
    """

    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        """What may follow ``scrapy health``."""
        return "[--json]"

    def short_desc(self) -> str:
        """One line for ``scrapy`` without a command."""
        return "Say whether the last batch is fresh and whole, and the database there"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's own options."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON document instead")

    def carry_out(self, config: Config, opts: argparse.Namespace) -> int:
        """Look, and say what was seen."""
        from p2p_scrapy.watch.health.looking import health

        clock = SystemClock(config.time_lapse.factor, config.time_lapse.origin)
        found = health(config, clock.now())
        text = json.dumps(found.document(), indent=1) if opts.json else found.text()
        sys.stdout.write(f"{text}\n")
        return found.exit_code
