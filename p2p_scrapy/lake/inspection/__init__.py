"""The inspection of a lake: what ``scrapy validate`` reads, checks and prints."""

from p2p_scrapy.lake.inspection.check import Outcome
from p2p_scrapy.lake.inspection.document import document
from p2p_scrapy.lake.inspection.inspection import Inspection
from p2p_scrapy.lake.inspection.printout import print_report
from p2p_scrapy.lake.inspection.report import Report
from p2p_scrapy.lake.inspection.scan import NothingToReadError, Scan, scan

__all__ = [
    "Inspection",
    "NothingToReadError",
    "Outcome",
    "Report",
    "Scan",
    "document",
    "print_report",
    "scan",
]
