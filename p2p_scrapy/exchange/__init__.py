"""The bundled exchange: behaves like the real one, faults included. It shares no code with it."""

from p2p_scrapy.exchange.options import ExchangeOptions
from p2p_scrapy.exchange.running import RunningExchange, running_exchange

__all__ = ["ExchangeOptions", "RunningExchange", "running_exchange"]
