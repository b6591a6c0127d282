"""What can be wrong with a file of the archive, by name."""

ARCHIVE_KINDS: dict[str, str] = {
    "missing-file": "neither listed nor there: HTTP 404",
    "gone-file": "listed, and HTTP 404 all the same",
    "no-checksum": "its CHECKSUM is HTTP 404",
    "wrong-checksum": "its CHECKSUM tells of other bytes",
    "replaced-file": "Binance has put another file in its place: other rows, a later date",
    "disordered-rows": "its rows are interleaved, as in BTCUSDT 2023-05",
    "zero-quantity": "some rows have the quantity 0",
    "missing-ids": "some rows are left out",
    "no-header": "no header, as until 2022-08-10",
    "broken-row": "a row that cannot be read, under a CHECKSUM that is right",
    "broken-zip": "no zip, under a CHECKSUM that is right",
    "cut-file": "the first three answers are cut in the middle",
    "busy-file": "the first two answers are HTTP 503",
    "no-range": "every answer is the whole file, whatever range was asked for",
}
"""All of them; each with what a client sees."""
