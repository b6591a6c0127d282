"""The report as scripts read it."""

import json
import math

from p2p_scrapy.lake.inspection import document


def test_it_holds_the_same_findings_and_figures(lake, inspect):
    for number in range(7):
        lake.batch(number)
        lake.snapshot(number=number, change=lambda rows: rows[3].update(price=None))
    record = json.loads(json.dumps(document(inspect(lake.data_dir / "raw")), allow_nan=False))
    assert record["outcome"] == "failed"
    assert record["files"] == {"manifest": 7, "snapshot": 14, "ledger": 7, "schema": 2}
    assert record["batches"] == {"completed": 7}
    checks = {check["name"]: check for check in record["checks"]}
    nulls = checks["nulls"]
    assert (nulls["outcome"], nulls["files"], nulls["rows"]) == ("failed", 7, 7)
    assert (len(nulls["findings"]), nulls["further_findings"]) == (5, 2)
    assert nulls["findings"][0]["rows"] == [{"row": 3, "subject": "BOBUSDTSELL4"}]
    assert nulls["findings"][0]["path"].endswith("snapshot_20260605_133000.parquet")
    assert nulls["advice"]
    assert checks["rates"] == {
        "name": "rates",
        "title": "Rates from 0 to 1",
        "outcome": "passed",
        "examined": 14,
        "files": 0,
        "rows": 0,
        "findings": [],
        "further_findings": 0,
        "advice": None,
    }


def test_it_holds_every_pair(lake, inspect):
    lake.batch(0)
    (home,) = document(inspect(lake.data_dir))["lakes"]
    assert home["folder"] == str(lake.data_dir / "raw")
    assert home["first"] == home["last"] == "2026-06-05T13:30:00+00:00"
    assert home["sides"]["SELL"]["ads"] == 27
    assert [pair["pair"] for pair in home["pairs"]] == ["BTC/VES", "USDT/BOB", "USDT/VES"]
    pair = home["pairs"][2]
    assert math.isclose(pair["spread"]["last"], 6.6)
    assert pair["markets"]["BUY"]["last_best"] == 296.7
    assert home["payment_methods"] == {"BANESCO": 30, "PagoMovil": 24}


def test_what_is_not_known_is_null(lake, inspect, tmp_path):
    path = lake.snapshot(change=list.clear).rename(tmp_path / "mine.parquet")
    (home,) = document(inspect(path))["lakes"]
    assert (home["folder"], home["first"], home["pairs"]) == (None, None, [])
    (home,) = document(inspect(lake.snapshot()))["lakes"]
    assert home["pairs"][0]["spread"] is None
    assert set(home["pairs"][0]["markets"]) == {"SELL"}
