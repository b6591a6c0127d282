"""What Scrapy says of an ad that goes no further."""

from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class BriefLogFormatter(LogFormatter):
    """Names an ad that is dropped, and shows nothing of it: six kilobytes, which are kept."""

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """The reason alone."""
        said = super().dropped(item, exception, response, spider)
        return {**said, "msg": "Dropped: %(exception)s"}
