"""The real files of the archive, through the real crawl: each is handled as its story demands."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from tests.futures.archive.runs import Lake, options, run_history

REAL_DAY = "BTCUSDT-aggTrades-2026-09-17"
DISORDERED = "BTCUSDT-aggTrades-2023-05"
ZIP = "BTCUSDT-1m-2020-01-01"
HOURS = "BTCUSDT-1h-2023-10-27"
RECORDED = {
    f"{REAL_DAY}.csv": "BTCUSDT-aggTrades-2026-09-17_minute-14-28_head50.csv",
    f"{DISORDERED}.csv": "BTCUSDT-aggTrades-2023-05_monthly_DISORDERED_head.csv",
    f"{ZIP}.zip": f"lostleaf_{ZIP}.zip",
    f"{ZIP}.zip.CHECKSUM": f"lostleaf_{ZIP}.zip.CHECKSUM",
    f"{HOURS}.csv": "klines_header_rows_from_issue_283.csv",
}


@pytest.fixture(scope="module")
def real_archive(recorded_file, tmp_path_factory):
    """The bundled exchange with the recorded files in it, named as the archive names them."""
    folder = tmp_path_factory.mktemp("recorded")
    for name, recording in RECORDED.items():
        (folder / name).write_bytes(recorded_file(recording))
    with running_exchange(ExchangeOptions(ads=1, markets=1, archive=options(replay=folder))) as it:
        yield it


@pytest.fixture(scope="module")
def take(real_archive, tmp_path_factory, surroundings):
    def taken(stem, **given):
        lake = Lake(tmp_path_factory.mktemp("lake") / "data")
        period = stem.split("-", 2)[2]
        span = {"start": period, "end": period}
        return lake, *run_history(real_archive, lake.folder, surroundings, **span, **given)

    return taken


def test_the_real_zip_is_proved_by_its_real_checksum(take):
    lake, code, log = take(ZIP, datasets="klines")
    assert code == 0, log
    source, found = lake.told(ZIP)
    assert source["sha256"] == "dd579c62368ded93d3f01a1904575b932279e32936e181c062763e605793c1c2"
    assert (source["size"], found["rows"], found["faults"]) == (69497, 1440, [])
    first, *_ = lake.rows(ZIP)
    assert first["open_time"] == datetime(2020, 1, 1, tzinfo=UTC)
    assert (first["open"], first["volume"]) == (Decimal("7195.24"), Decimal("51.642812"))
    assert (first["quote_volume"], first["count"]) == (Decimal("371233.51835535"), 493)


def test_real_rows_of_2026(take):
    lake, code, log = take(REAL_DAY)
    assert code == 0, log
    rows = lake.rows(REAL_DAY)
    assert [row["agg_trade_id"] for row in rows] == list(range(3454067270, 3454067320))
    assert rows[4]["quantity"] == Decimal("0.2")
    assert not lake.told(REAL_DAY)[1]["faults"]


def test_the_real_disordered_month_is_put_in_order(take, recorded_file):
    lake, code, log = take(DISORDERED)
    assert code == 3
    assert "put in order" in log
    lines = recorded_file(RECORDED[f"{DISORDERED}.csv"]).decode().split()[1:]
    ids = [int(line.partition(",")[0]) for line in lines]
    assert [row["agg_trade_id"] for row in lake.rows(DISORDERED)] == sorted(ids)
    _, found = lake.told(DISORDERED)
    assert found["was_sorted"]
    # The recording is the head of a month whose halves are interleaved: one jump, at row 2.
    assert [(each["kind"], each["rows"]) for each in found["faults"]] == [
        ("ids missing before it", [[2, 2]])
    ]


def test_real_klines_with_a_header(take):
    lake, code, log = take(HOURS, datasets="klines", interval="1h")
    assert code == 0, log
    rows = lake.rows(HOURS)
    assert [row["open_time"].hour for row in rows] == [0, 1, 2]
    assert rows[0]["taker_buy_quote_volume"] == Decimal("564.12041453")
