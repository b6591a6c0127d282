"""``python -m cron scrapyd`` and ``python -m cron plain``, in the project's folder."""

import argparse
import logging
import os
import sys

from scrapy.utils.project import get_project_settings

from cron.alarm import NotifyingAlerts
from cron.batches import WINDOW, Batches, PlainBatches, ScrapydBatches
from cron.call import call
from p2p_scrapy.census.folder import prove_writable
from p2p_scrapy.clock import SystemClock
from p2p_scrapy.commands.collect import WINDOW_SHARE
from p2p_scrapy.config import Config
from p2p_scrapy.errors import P2PError
from p2p_scrapy.scrapyd_api import Scrapyd
from p2p_scrapy.watch.logs import LogFile


def main() -> int:
    """One call; 0 unless it is in trouble, or its batch is (the codes of ``scrapy crawl``)."""
    parser = argparse.ArgumentParser(prog="cron", description=__doc__)
    parser.add_argument("by", choices=("scrapyd", "plain"), help="who takes the batch")
    by = parser.parse_args().by
    logging.getLogger().setLevel(logging.INFO)
    try:
        config = Config.from_settings(get_project_settings())
        prove_writable(config.data_dir)
        log_file = LogFile(config.data_dir, "cron.log")
        if sys.stderr.isatty():  # cron would mail what is said; a person wants to see it
            logging.getLogger().addHandler(logging.StreamHandler())
        try:
            return call(config, _batches(by, config), SystemClock(), NotifyingAlerts())
        finally:
            log_file.close()
    except P2PError as error:
        sys.stderr.write(f"cron: {error}\n")
        return error.exit_code


def _batches(by: str, config: Config) -> Batches:
    """Batches with the window of the daemon's, where nobody has set one; 0 is one too."""
    given = bool(os.environ.get(WINDOW))
    window = config.window_seconds if given else WINDOW_SHARE * config.interval_seconds
    if by == "plain":
        return PlainBatches(config.data_dir, window)
    return ScrapydBatches(Scrapyd.of_project(), window)


if __name__ == "__main__":
    sys.exit(main())
