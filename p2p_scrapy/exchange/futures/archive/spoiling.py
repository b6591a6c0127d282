"""The faults of a file's content."""

from p2p_scrapy.exchange.futures.archive.options import ArchiveOptions

_EVERY = 50
"""One row in so many is spoiled where some are."""
_QUANTITY = 2


def spoiled(rows: list[str], stem: str, options: ArchiveOptions) -> list[str]:
    """The rows of a file with the faults it was given; candles have no quantities to be 0."""
    if options.has("disordered-rows", stem):
        half = len(rows) // 2
        pairs = zip(rows[:half], rows[half : 2 * half], strict=True)
        rows = [row for pair in pairs for row in pair] + rows[2 * half :]
    if options.has("missing-ids", stem):
        rows = [row for place, row in enumerate(rows) if place % _EVERY != _EVERY // 2]
    if options.has("zero-quantity", stem):
        rows = [_without_quantity(row) if n % _EVERY == 0 else row for n, row in enumerate(rows)]
    if options.has("broken-row", stem):
        rows[len(rows) // 2] = rows[len(rows) // 2].replace(",", ",x", 1)
    if options.has("replaced-file", stem):
        rows = [_of_the_other_side(row) for row in rows]
    return rows


def _without_quantity(row: str) -> str:
    cells = row.split(",")
    cells[_QUANTITY] = "0"
    return ",".join(cells)


def _of_the_other_side(row: str) -> str:
    """The first version had the sides of trades wrong, say."""
    start, _, side = row.rpartition(",")
    return f"{start},{'false' if side == 'true' else 'true'}"
