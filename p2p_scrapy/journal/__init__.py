"""What survives a kill: records appended to a file as they pass, read back at the next start."""

from p2p_scrapy.journal.journal import Journal, Record, damaged_bytes, read

__all__ = ["Journal", "Record", "damaged_bytes", "read"]
