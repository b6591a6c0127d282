"""A batch made ready for the database, column by column in Arrow, without an object a row."""

from p2p_scrapy.warehouse.staging.staged import Staged, stage

__all__ = ["Staged", "stage"]
