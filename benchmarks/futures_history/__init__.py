"""The history's speed: from a zip of the archive to a checked Parquet file."""
