"""``scrapy simulate``: runs the bundled exchange until it is stopped."""

import argparse
from typing import ClassVar

from scrapy.commands import ScrapyCommand


class Command(ScrapyCommand):
    """Serves what the live service serves, at the same paths, faults included."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "--port P [options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Run the bundled exchange, which behaves like Binance P2P"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add where to listen and what the exchange is like."""
        from p2p_scrapy.exchange.arguments import add_flags

        super().add_options(parser)
        parser.add_argument("--port", default="8720", help="where to listen (default 8720)")
        parser.add_argument("--host", default="127.0.0.1", help="(default 127.0.0.1)")
        add_flags(parser)

    def run(self, _args: list[str], opts: argparse.Namespace) -> None:
        """Serve until SIGINT or SIGTERM; refuse a bad option with one line and exit code 2."""
        from p2p_scrapy.exchange.foreground import simulate

        self.exitcode = simulate(opts)
