"""Many batches, each made ready while the one before is in the database's hands."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from p2p_scrapy.warehouse.lake_batch import LakeBatch
from p2p_scrapy.warehouse.staging.staged import Staged, stage


def staged_ahead(batches: Iterable[LakeBatch]) -> Iterator[tuple[LakeBatch, Future[Staged]]]:
    """Each batch in order, with its staging, which may have failed: ``result()`` raises then."""
    with ThreadPoolExecutor(1, thread_name_prefix="staging") as ahead:
        waiting: list[tuple[LakeBatch, Future[Staged]]] = []
        for batch in batches:
            waiting.append((batch, ahead.submit(stage, batch)))
            if len(waiting) > 1:
                yield waiting.pop(0)
        yield from waiting
