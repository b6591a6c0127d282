"""How one batch reads the books: when, in which order, and what it misses."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from benchmarks.month.seed import Flags, Seed, Whole
from benchmarks.month.world import World
from items import SWEEP_SCHEMA

READING = 450_000_000
"""Microseconds from the first to the last page: what the budget allows in life."""
PARTIAL, FAILED = 0.010, 0.003
"""Share of the sweeps."""
_PAGE = 20
_OUT_OF_ORDER = 30


@dataclass(frozen=True)
class Look:
    """By slot: ``rank`` (0 has none), ``page``, ``observed`` (microseconds since 1970), ``seen``.

    ``order`` are the slots by market and rank; by market there are the times of its sweep and
    what it is worth.
    """

    order: Whole
    rank: Whole
    page: Whole
    observed: Whole
    seen: Flags
    began: Whole
    answered: Whole
    swept: Whole
    is_partial: Flags
    is_failed: Flags


def look(world: World, seed: Seed, rng: np.random.Generator, start: int) -> Look:
    """Read all books from ``start`` on, in microseconds since 1970."""
    order, rank = _ranked(world, seed)
    page = np.maximum(rank - 1, 0) // _PAGE + 1
    pages = _pages(seed)
    each = READING // int(pages.sum())
    began = start + _begins(pages, rng) * each
    verdict = rng.random(len(pages))
    failed = verdict < FAILED
    partial = (verdict >= FAILED) & (verdict < FAILED + PARTIAL) & (seed.sizes > 1)
    missed = partial[seed.market] & (rng.random(len(rank)) < 0.2)  # noqa: PLR2004 - a fifth
    return Look(
        order=order,
        rank=rank,
        page=page,
        observed=began[seed.market] + page * each,
        seen=~failed[seed.market] & ~missed,
        began=began,
        answered=began + each,
        swept=began + pages * each,
        is_partial=partial,
        is_failed=failed,
    )


def _ranked(world: World, seed: Seed) -> tuple[Whole, Whole]:
    price = np.where(seed.sells, world.ads.price, -world.ads.price)
    order = np.lexsort((world.ads.created, price, ~seed.ranked, seed.market))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(1, len(order) + 1) - seed.firsts[seed.market]
    return order, np.where(seed.ranked, rank, 0)


def _pages(seed: Seed) -> Whole:
    natural = np.bincount(seed.market, seed.ranked, len(seed.sizes)).astype(np.int64)
    return np.maximum(-(-natural // _PAGE), 1)


def _begins(pages: Whole, rng: np.random.Generator) -> Whole:
    """How many pages are read before each market: nearly the same order in every batch."""
    places = np.arange(len(pages)) + rng.normal(0, _OUT_OF_ORDER, len(pages))
    order = np.argsort(places)
    before = np.empty(len(pages), np.int64)
    before[order] = np.cumsum(pages[order]) - pages[order]
    return before


def ledger_of(seen: Look, seed: Seed, batch_id: str) -> pa.Table:
    """The ledger of a look, in the order of the markets."""
    count, size = seed.ledger.num_rows, len(seed.sizes)
    promoted_only = seen.seen & ~seed.ranked
    natural = np.bincount(seed.market, seed.ranked, size).astype(np.int64)
    unique = np.bincount(seed.market, seen.seen & seed.ranked, size).astype(np.int64)
    promoted = np.bincount(seed.market, promoted_only, size).astype(np.int64)
    failed = seen.is_failed
    verdict = np.select([failed, seen.is_partial], ["failed", "partial"], "complete")
    moment = SWEEP_SCHEMA.field("swept_at").type
    columns = {
        **{name: seed.ledger[name] for name in ("venue", "asset", "fiat", "side", "lane")},
        "batch_id": pa.repeat(batch_id, count),
        "started_at": pa.array(seen.began, moment),
        "first_response_at": pa.array(seen.answered, moment, mask=failed),
        "swept_at": pa.array(seen.swept, moment, mask=failed),
        "total_first": pa.array(natural, mask=failed),
        "total_last": pa.array(natural, mask=failed),
        "rows": unique + promoted,
        "unique": unique,
        "promoted": promoted,
        "duplicates": np.zeros(count, np.int64),
        "refused": np.zeros(count, np.int64),
        "pages": np.where(failed, 0, _pages(seed)),
        "rereads": np.where(seen.is_partial, 2, 0),
        "verdict": verdict,
        "error": pa.array(
            np.where(failed, "TimeoutError", "ads are missing"), mask=verdict == "complete"
        ),
    }
    return pa.table([columns[name] for name in SWEEP_SCHEMA.names], schema=SWEEP_SCHEMA)
