"""``scrapy simulate``: runs the bundled exchange until it is stopped."""

import argparse
import asyncio
import gc
import signal
import sys
from typing import ClassVar

from scrapy.commands import ScrapyCommand

from p2p_scrapy.exchange.arguments import add_flags, options_of, read_number
from p2p_scrapy.exchange.errors import ExchangeError, OptionError
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.options import ExchangeOptions
from p2p_scrapy.exchange.server import serve

_HIGHEST_PORT = 65_535


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
        super().add_options(parser)
        parser.add_argument("--port", default="8720", help="where to listen (default 8720)")
        parser.add_argument("--host", default="127.0.0.1", help="(default 127.0.0.1)")
        add_flags(parser)

    def run(self, _args: list[str], opts: argparse.Namespace) -> None:
        """Serve until SIGINT or SIGTERM; refuse a bad option with one line and exit code 2."""
        try:
            asyncio.run(_serve(options_of(opts), opts.host, _port(opts.port)))
        except ExchangeError as error:
            sys.stderr.write(f"simulate: {error}\n")
            self.exitcode = 2


async def _serve(options: ExchangeOptions, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    exchange = Exchange(options)
    gc.freeze()  # the world stays: looking through it again and again would cost every page
    await serve(exchange, host, port, on_listening=lambda url: _announce(exchange, url), stop=stop)


def _announce(exchange: Exchange, url: str) -> None:
    sys.stdout.write(f"exchange on {url}: {exchange.summary()}; Ctrl-C stops it\n")
    sys.stdout.flush()


def _port(text: str) -> int:
    port: int = read_number("port", text, int)
    if not 0 <= port <= _HIGHEST_PORT:
        raise OptionError("port", port, f"from 0 (any free one) to {_HIGHEST_PORT}")
    return port
