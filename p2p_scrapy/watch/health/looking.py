"""All checks at once."""

from datetime import datetime

from p2p_scrapy.config import Config
from p2p_scrapy.watch.health import batches, places
from p2p_scrapy.watch.health.check import Health


def health(config: Config, now: datetime) -> Health:
    """Look at everything; this may take as long as a database does not answer, 10 s."""
    return Health(
        (
            batches.freshness(config, now),
            batches.last_batch(config),
            places.database(config),
            places.folder(config),
        )
    )
