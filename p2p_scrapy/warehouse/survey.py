"""A lake beside its warehouse: what is in, what waits, and what is older than history is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg2.extensions as pg

from p2p_scrapy.warehouse import rebuilding
from p2p_scrapy.warehouse.lake_batch import LakeBatch, closed_batches
from p2p_scrapy.warehouse.period import Period

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Survey:
    """The closed batches of a period; each list begins with the oldest.

    ``known`` are the starts, UTC, and digests of all batches that were ever loaded. ``dropped`` are
    from before the history that is ``kept``, so that they cannot be loaded. Of what is kept
    ``loaded`` are in, ``late`` are not and come before one that is, ``new`` come after all.
    """

    known: dict[datetime, str]
    kept_since: datetime
    kept: list[LakeBatch]
    loaded: list[LakeBatch]
    late: list[LakeBatch]
    new: list[LakeBatch]
    dropped: list[LakeBatch]


def survey(connection: pg.connection, data_dir: Path, period: Period) -> Survey:
    """Look at both as they are now."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT started_at, files_digest FROM warehouse.batch")
        known = dict(cursor.fetchall())
        kept_since = rebuilding.kept_since(cursor)
    newest = max(known, default=_NEVER)
    batches = [batch for batch in closed_batches(data_dir) if period.has(batch)]
    kept = [batch for batch in batches if batch.started_at >= kept_since]
    waiting = [batch for batch in kept if batch.started_at not in known]
    return Survey(
        known=known,
        kept_since=kept_since,
        kept=kept,
        loaded=[batch for batch in kept if batch.started_at in known],
        late=[batch for batch in waiting if batch.started_at < newest],
        new=[batch for batch in waiting if batch.started_at > newest],
        dropped=[batch for batch in batches if batch.started_at < kept_since],
    )
