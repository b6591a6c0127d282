"""Which market each sweep and each ad belongs to: its place in the batch's list of markets."""

import pyarrow as pa

from p2p_scrapy.warehouse.lake_batch import DamagedBatchError
from p2p_scrapy.warehouse.staging.columns import key_of
from p2p_scrapy.warehouse.staging.compute import Column, Values, pc


class Markets:
    """The markets of a ledger; a market's code is its row there."""

    def __init__(self, ledger: pa.Table) -> None:
        self.names = ledger.select(["venue", "asset", "fiat", "side"])
        self.keys = key_of(ledger["asset"], ledger["fiat"], ledger["side"])
        if pc.count_distinct(self.keys).as_py() != len(self.keys):
            raise DamagedBatchError("the ledger names a market twice")

    def codes(self, asset: Column, fiat: Column, side: Column) -> Values:
        """Each row's market, as its code; int32.

        Raises:
            DamagedBatchError: the ledger does not name it.
        """
        codes: Values = pc.index_in(key_of(asset, fiat, side), self.keys)
        if codes.null_count:
            at = pc.index(pc.is_null(codes), True).as_py()
            name = f"{asset[at]}/{fiat[at]} {side[at]}"
            raise DamagedBatchError(f"the snapshots hold ads of {name}, which the ledger has not")
        return codes
