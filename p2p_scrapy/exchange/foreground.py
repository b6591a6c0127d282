"""An exchange in the foreground, for ``scrapy simulate``."""

import argparse
import asyncio
import gc
import signal
import sys

from p2p_scrapy.exchange.arguments import options_of, read_number
from p2p_scrapy.exchange.errors import ExchangeError, OptionError
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.options import ExchangeOptions
from p2p_scrapy.exchange.server import serve

_HIGHEST_PORT = 65_535


def simulate(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; the exit code, after one line where an option is wrong."""
    try:
        asyncio.run(_serve(options_of(arguments), arguments.host, _port(arguments.port)))
    except ExchangeError as error:
        sys.stderr.write(f"simulate: {error}\n")
        return 2
    return 0


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
