"""A batch that the database cannot store is at fault itself, and keeps no other out."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import psycopg2.errors

from p2p_scrapy.warehouse.lake_batch import DamagedBatchError, LakeBatch

_REFUSALS = (
    psycopg2.DataError,
    psycopg2.IntegrityError,
    psycopg2.errors.ProgramLimitExceeded,  # a text that is too long for an index
)


@contextmanager
def told_of(batch: LakeBatch) -> Iterator[None]:
    """Have the database's refusal of what is in a batch name the batch.

    Raises:
        DamagedBatchError: the database cannot store it.
    """
    try:
        yield
    except _REFUSALS as error:
        message = f"the database cannot store the batch of {batch.path}: {error}"
        raise DamagedBatchError(message) from error
