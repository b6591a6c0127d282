from datetime import UTC, datetime

from items import SWEEP_COLUMNS, Market, Side, Sweep

MOMENT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)


def test_a_ledger_row():
    values = {
        "venue": "binance",
        "batch_id": "b",
        "asset": "USDT",
        "fiat": "VES",
        "side": "SELL",
        "started_at": MOMENT,
        "first_response_at": MOMENT,
        "swept_at": MOMENT,
        "lane": "direct",
        "total_first": 3,
        "total_last": 3,
        "rows": 4,
        "unique": 3,
        "promoted": 1,
        "duplicates": 0,
        "refused": 0,
        "pages": 1,
        "rereads": 0,
        "verdict": "complete",
        "error": None,
    }
    sweep = Sweep(**values)
    assert tuple(values) == SWEEP_COLUMNS
    assert sweep.row() == tuple(values.values())
    assert sweep.market == Market("USDT", "VES", Side.SELL)
