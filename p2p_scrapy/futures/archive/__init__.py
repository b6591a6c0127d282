"""The history of the archive: what there is, fetched, proved and kept as Parquet."""
