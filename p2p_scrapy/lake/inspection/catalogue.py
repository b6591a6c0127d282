"""Every check, in the order in which the report lists them."""

from p2p_scrapy.lake.inspection.check import Check, Outcome

READABLE = Check(
    "readable",
    "Files can be read",
    "The file is damaged or is not Parquet: take it from a backup, or move it out of the lake.",
)
PAGE_CHECKSUMS = Check(
    "page_checksums",
    "Page checksums hold",
    "Bytes have changed since the file was written: take it from a backup and test the disk.",
)
CHECKSUMS_PRESENT = Check(
    "checksums_present",
    "Pages carry checksums",
    "A changed byte would go unnoticed here: write with page checksums on.",
    Outcome.WARNING,
)
SCHEMA_VERSION_KNOWN = Check(
    "schema_version",
    "Files carry the schema version",
    "Another program or version wrote the file: read it with the one that did.",
)
CONTRACT = Check(
    "contract_columns",
    "The 23 columns: names, order, types",
    "Readers rely on these columns: write the file again with the schema of this version.",
)
OWN_COLUMNS = Check(
    "own_columns",
    "Further columns are there and typed",
    "The file was written by another version: write it again with the schema of this one.",
)
SCHEMA_FILES = Check(
    "schema_files",
    "_schema.parquet is empty and right",
    "Delete the file; the next batch of that day writes it again.",
)
NULLS = Check(
    "nulls",
    "price, adv_no, advertiser_no not null",
    "No such ad passes validation: find what wrote the rows and leave them out of studies.",
)
TRADE_TYPE = Check(
    "trade_type",
    "Bids in buy_ads, asks in sell_ads",
    "Sides are mixed up (the advertiser's count, not the taker's): do not use until mended.",
)
BATCH_TIME = Check(
    "batch_time",
    "Times, ids, names and folders agree",
    "The file was renamed, moved or mixed: put it where its fetched_at says, or leave it out.",
)
ROW_ORDER = Check(
    "row_order",
    "Rows in the order fiat, asset, rank",
    "The rows are whole but badly sorted: sort them before relying on their order.",
)
REPEATED_ADS = Check(
    "repeated_ads",
    "No ad twice in a snapshot",
    "Keep the first row of each adv_no; counts and depths are too high as they stand.",
)
PRICES = Check(
    "prices",
    "Prices above 0",
    "No such ad passes validation: leave the rows out.",
)
SURPLUS = Check(
    "surplus",
    "Surplus there and not negative",
    "No such ad passes validation: leave the rows out.",
)
ZERO_SURPLUS = Check(
    "zero_surplus",
    "Surplus above 0",
    "Expected only where P2P_REJECT_ZERO_SURPLUS was off; nothing can be traded with these ads.",
    Outcome.WARNING,
)
EMPTY_ADV_NO = Check(
    "empty_adv_no",
    "adv_no not empty",
    "No such ad passes validation: leave the rows out.",
)
ZERO_FINISH_RATE = Check(
    "zero_finish_rate",
    "No finish rate of 0 with orders",
    "Expected only where P2P_REJECT_ZERO_FINISH_RATE was off; doubt these advertisers.",
    Outcome.WARNING,
)
LIMITS = Check(
    "limits",
    "min_amount not above max_amount",
    "No such ad passes validation: leave the rows out.",
)
RATES = Check(
    "rates",
    "Rates from 0 to 1",
    "Rates are fractions: percentages were probably stored, divide them by 100.",
)
REPEATED_TIMES = Check(
    "repeated_timestamps",
    "No timestamp twice on a side",
    "Two files tell of the same moment: keep the one that the manifest lists.",
)
GAPS = Check(
    "gaps",
    "No gap longer than 1.2 intervals",
    "Nothing was collected in between: see logs/ and alerts/ of that time.",
)
MANIFESTS = Check(
    "manifests",
    "Manifests are well-formed",
    "The batch cannot be proved: take the manifest from a backup.",
)
MANIFESTED = Check(
    "manifested",
    "Snapshots have their manifest",
    "A batch counts only when its manifest stands: restore it, or leave these snapshots out.",
)
CLOSED = Check(
    "closed",
    "No batch is left open",
    "The batch still runs, or was killed: the next start closes and saves it.",
    Outcome.WARNING,
)
LISTED_FILES = Check(
    "listed_files",
    "Files in the manifests exist",
    "Data that had been written is gone: take the files from a backup.",
)
FILE_CHECKSUMS = Check(
    "file_checksums",
    "Size, rows, SHA-256 as in the manifest",
    "The file is not the one that was written: take it from a backup.",
)
LEDGER_COLUMNS = Check(
    "ledger_columns",
    "The ledger's columns and types",
    "The ledger was written by another version: read it with that one.",
)
LEDGER_PROOF = Check(
    "ledger_proof",
    "Complete sweeps prove themselves",
    "These sweeps prove nothing: treat them as partial.",
)
LEDGER_ROWS = Check(
    "ledger_rows",
    "Snapshots hold what the ledger counted",
    "Ads were lost or added after the sweep: treat the market as partial in this batch.",
)

LEDGER_MARKETS = Check(
    "ledger_markets",
    "Markets in snapshots have their sweep",
    "Expected only in a batch that was killed while it read them; nothing proves these markets.",
    Outcome.WARNING,
)

CHECKS: tuple[Check, ...] = tuple(
    each for each in vars().copy().values() if isinstance(each, Check)
)
"""All of the above, so that none can be forgotten."""
