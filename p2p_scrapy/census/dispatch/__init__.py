"""What is asked next, and by which lane."""

from p2p_scrapy.census.dispatch.ask import Ask, Burst
from p2p_scrapy.census.dispatch.dispatcher import Dispatcher

__all__ = ["Ask", "Burst", "Dispatcher"]
