"""A run: all series are listed, what they lack is fetched three files at a time, gaps recorded."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.archive.asked import Asked
from p2p_scrapy.futures.archive.course import Course, Tally
from p2p_scrapy.futures.archive.download import Downloads
from p2p_scrapy.futures.archive.errors import ArchiveError, StoppedError
from p2p_scrapy.futures.archive.gap_table import record_gaps
from p2p_scrapy.futures.archive.intake import Intake
from p2p_scrapy.futures.archive.listing import list_series
from p2p_scrapy.futures.archive.plan import Plan, plan_of
from p2p_scrapy.futures.archive.series import ArchiveFile, Period, Series
from p2p_scrapy.futures.archive.stored import read_stored
from p2p_scrapy.futures.archive.wire import Wire
from p2p_scrapy.futures.config import FuturesConfig

logger = logging.getLogger(__name__)

AT_A_TIME = 3
"""Files on their way."""
NOT_THERE = "the archive has no such file"


def downloads_folder(data_dir: Path) -> Path:
    """Where files lie until they are in the lake."""
    return data_dir / "downloads"


class History:
    """Fetches what was asked for.

    Args:
        asked: series and days.
        config: where the archive is.
        data_dir: P2P_DATA_DIR.
        wire: asks the archive.
        clock: says which day it is.
    """

    def __init__(
        self, asked: Asked, config: FuturesConfig, data_dir: Path, wire: Wire, clock: Clock
    ) -> None:
        self.asked = asked
        self.course = Course({series: Tally() for series in asked.series})
        self._listing_url = config.listing_url
        self.data_dir = data_dir
        self._wire = wire
        self.clock = clock
        folder = downloads_folder(data_dir)
        downloads = Downloads(wire, config.archive_url, folder, self.course.arrived)
        self._intake = Intake(downloads, data_dir, self.course)

    async def run(self) -> None:
        """Do it; what it came to is in ``course``."""
        try:
            plans = [await self._survey(series) for series in self.asked.series]
            try:
                await self._fetch([(plan, file) for plan in plans for file in plan.fetch])
            finally:
                for plan in plans:
                    self._record_gaps(plan.series)
        except StoppedError:
            self.course.was_stopped = True
        except ArchiveError as error:
            self._give_up(f"it cannot be said what the archive holds: {error}")
        except OSError as error:
            self._give_up(f"the data folder cannot be written: {error}")
        self.course.has_ended = True

    def stop(self) -> None:
        """Begin nothing more; what has arrived of a file is gone on with by the next run."""
        self.course.was_stopped = True
        self._wire.stop.set()

    async def _survey(self, series: Series) -> Plan:
        listed = await list_series(self._wire.body, self._listing_url, series)
        stored = read_stored(self.data_dir, series)
        plan = plan_of(series, self.asked.span, listed, stored, self.clock.now().date())
        if not listed:
            logger.warning("The archive has nothing of %s: is the symbol right?", series)
            self.course.unlisted.append(series)
        self.course.planned(plan, NOT_THERE)
        figures = len(plan.fetch), len(plan.kept), len(plan.absent)
        logger.info("%s: %d files to fetch, %d are here, %d days not there", series, *figures)
        return plan

    async def _fetch(self, files: list[tuple[Plan, ArchiveFile]]) -> None:
        """All of them; a trouble that ends the run ends all."""
        waiting = iter(files)
        workers = [asyncio.create_task(self._work(waiting)) for _ in range(AT_A_TIME)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()

    async def _work(self, waiting: Iterator[tuple[Plan, ArchiveFile]]) -> None:
        for plan, file in waiting:
            if not await self._take(plan, file) and file.period.is_month:
                await self._take_days(plan, file.period)

    async def _take(self, plan: Plan, file: ArchiveFile) -> bool:
        return await self._intake.take(file, plan.listed[file.period], plan.stored.get(file.period))

    async def _take_days(self, plan: Plan, month: Period) -> None:
        """In the place of a month that could not be had or not be read."""
        for day in month.days:
            period = Period(day, is_month=False)
            if period in plan.listed and period not in plan.stored:
                self.course.tallies[plan.series].files += 1
                await self._take(plan, ArchiveFile(plan.series, period))

    def _record_gaps(self, series: Series) -> None:
        stored = read_stored(self.data_dir, series)
        in_time = [stored[period] for period in sorted(stored)]
        tally = self.course.tallies[series]
        here = {day for period in stored for day in period.days}
        tally.absent = {day: why for day, why in tally.absent.items() if day not in here}
        span = self.asked.span
        gaps = record_gaps(self.data_dir, series, span, in_time, tally.absent)
        tally.gaps = [gap for gap in gaps if not gap.healed and span.meets(gap)]
        for gap in tally.gaps:
            times = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (gap.started_at, gap.ended_at))
            logger.warning("%s: a gap from %s to %s UTC: %s", series, *times, gap.reason)

    def _give_up(self, reason: str) -> None:
        self.course.failure = reason
        logger.error("%s", reason)
