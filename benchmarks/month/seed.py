"""The real batch that a generated month starts from."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from items import AD_SCHEMA, BatchRecord
from p2p_scrapy.lake.atomic import write_bytes
from p2p_scrapy.warehouse.lake_batch import LakeBatch, closed_batches
from p2p_scrapy.warehouse.staging.compute import Column, pc

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_TABLES, _RECORD = ("seed_ads.parquet", "seed_ledger.parquet"), "seed.json"
_DIGITS, _DECIMALS = 13, 8
_MARKET = ("fiat", "asset", "side")
_AD_MARKET = ("fiat", "asset", "trade_type")


@dataclass(frozen=True)
class Seed:
    """The ads of a batch in the order of their markets, and its ledger in the same order.

    A place in ``ads`` is a slot: an ad that goes makes room in its slot for one that comes, so
    that every market keeps its size. A market's code is its row in ``ledger``.
    """

    ads: pa.Table
    ledger: pa.Table
    record: BatchRecord

    @classmethod
    def of_lake(cls, data_dir: Path) -> "Seed":
        """The newest batch of a lake."""
        return cls.of_batch(closed_batches(data_dir)[-1])

    @classmethod
    def of_batch(cls, batch: LakeBatch) -> "Seed":
        """A batch of the lake, put in order."""
        ads, ledger = batch.ads(AD_SCHEMA.names), batch.sweeps()
        return cls(_sorted(ads, *_AD_MARKET, "rank"), _sorted(ledger, *_MARKET), batch.record)

    @classmethod
    def read(cls, folder: Path) -> "Seed":
        """What was saved."""
        ads, ledger = (pq.read_table(folder / name).combine_chunks() for name in _TABLES)
        record = msgspec.json.decode((folder / _RECORD).read_bytes(), type=BatchRecord)
        return cls(ads, ledger, record)

    def save(self, folder: Path) -> None:
        """Keep it; the record comes last, so that where it stands all does."""
        for name, table in zip(_TABLES, (self.ads, self.ledger), strict=True):
            pq.write_table(table, folder / name)
        write_bytes(folder / _RECORD, msgspec.json.encode(self.record))

    @staticmethod
    def is_saved(folder: Path) -> bool:
        """Whether there is one."""
        return (folder / _RECORD).exists()

    @cached_property
    def market(self) -> Whole:
        """Each slot's market."""
        found: Whole = _array(pc.index_in(_key(self.ads, _AD_MARKET), _key(self.ledger, _MARKET)))
        return found

    @cached_property
    def sizes(self) -> Whole:
        """How many slots each market has."""
        return np.bincount(self.market, minlength=self.ledger.num_rows)

    @cached_property
    def firsts(self) -> Whole:
        """Each market's first slot."""
        return np.cumsum(self.sizes) - self.sizes

    @cached_property
    def ranked(self) -> Flags:
        """Whether the ad of a slot has a rank; one that has none is only promoted."""
        found: Flags = _array(pc.is_valid(self.ads["rank"]))
        return found

    @cached_property
    def sells(self) -> Flags:
        """Whether a slot's market is one of asks, the lowest price first."""
        found: Flags = _array(pc.equal(self.ads["trade_type"], "SELL"))
        return found

    @cached_property
    def price_scale(self) -> Real:
        """How many of its smallest steps one unit of a slot's price has."""
        return self._scale("price")

    @cached_property
    def stock_scale(self) -> Real:
        """The same of its stock."""
        return self._scale("surplus_amount")

    def column(self, name: str) -> Any:
        """A column of the ads as an array of numpy."""
        return _array(self.ads[name])

    def _scale(self, name: str) -> Real:
        """Ten to the most decimals that the market's ads have, within 15 digits in all."""
        fraction = pc.replace_substring_regex(self.ads[name].cast(pa.string()), r"^[^.]*\.?", "")
        digits, most = np.zeros((2, self.ledger.num_rows))
        np.maximum.at(digits, self.market, _array(pc.utf8_length(fraction)))
        np.maximum.at(most, self.market, self.column(name))
        room = _DIGITS - np.ceil(np.log10(np.maximum(most, 1)))
        scale: Real = 10.0 ** np.clip(digits, 0, np.minimum(room, _DECIMALS))[self.market]
        return scale


def _sorted(table: pa.Table, *names: str) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in names]).combine_chunks()


def _key(table: pa.Table, names: tuple[str, ...]) -> Column:
    joined: Column = pc.binary_join_element_wise(*(table[name] for name in names), "/")
    return joined


def _array(column: Column) -> Any:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.to_numpy(zero_copy_only=False)
