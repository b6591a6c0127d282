"""Which markets a batch reads, and in which order."""

from p2p_scrapy.census.planner.pace import Pace
from p2p_scrapy.census.planner.plan import Plan

__all__ = ["Pace", "Plan"]
