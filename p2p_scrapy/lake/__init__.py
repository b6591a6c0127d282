"""The lake: Parquet on disk, whole or absent, never half."""
