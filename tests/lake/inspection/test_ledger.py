"""The ledger by itself, and snapshots against it."""

import pyarrow.parquet as pq
import pytest

from items import Side
from p2p_scrapy.lake.inspection import Outcome

USDT_BOB_SELL = 1
"""Its row in the ledger that the tests write."""


def only(report, check):
    (finding,) = report.tallies.named(check).findings
    return finding


def sweep(**values):
    return lambda rows: rows[USDT_BOB_SELL].update(values)


@pytest.mark.parametrize(
    "values",
    [
        {"unique": 9},
        {"total_first": 9},
        {"total_last": 7},
        {"duplicates": 1},
        {"total_first": None, "total_last": None},
    ],
)
def test_a_complete_sweep_must_prove_itself(lake, inspect, troubles, values):
    path = lake.ledger(change=sweep(**values))
    report = inspect(path)
    assert troubles(report) == {"ledger_proof": Outcome.FAILED}
    assert [(r.number, r.subject) for r in only(report, "ledger_proof").rows] == [
        (USDT_BOB_SELL, "USDT/BOB SELL")
    ]


@pytest.mark.parametrize(
    ("values", "proves"),
    [
        ({"unique": 20, "pages": 1}, True),
        ({"unique": 40, "pages": 2}, True),
        ({"unique": 90, "pages": 5}, True),
        ({"unique": 39, "pages": 2}, False),
        ({"unique": 20, "pages": 1, "total_first": 91}, False),
        ({"unique": 20, "pages": 1, "duplicates": 1}, False),
    ],
)
def test_a_sample_of_some_pages_proves_these_alone(lake, inspect, troubles, values, proves):
    path = lake.ledger(change=sweep(**{"total_first": 90, "total_last": 90, **values}))
    (home,) = (each for each in path.parents if each.name == "raw")
    sample = home.with_name("samples") / path.relative_to(home)
    sample.parent.mkdir(parents=True)
    path.rename(sample)
    assert ("ledger_proof" in troubles(inspect(sample))) is not proves


@pytest.mark.parametrize("verdict", ["partial", "failed"])
def test_other_sweeps_claim_nothing(lake, inspect, troubles, verdict):
    values = {"verdict": verdict, "unique": 5, "total_last": None, "duplicates": 3}
    assert troubles(inspect(lake.ledger(change=sweep(**values)))) == {}


def test_an_empty_book_is_complete(lake, inspect, troubles):
    values = dict.fromkeys(("unique", "total_first", "total_last", "rows", "promoted"), 0)
    assert troubles(inspect(lake.ledger(change=sweep(**values)))) == {}


@pytest.mark.parametrize(
    ("unique", "refused", "trouble"),
    [(8, 0, None), (10, 2, None), (9, 5, None), (9, 0, "fewer"), (10, 1, "fewer"), (7, 0, "more")],
)
def test_natural_rows_lie_between_unique_and_what_was_refused(
    lake, inspect, troubles, *, unique, refused, trouble
):
    totals = dict.fromkeys(("unique", "total_first", "total_last"), unique)
    lake.ledger(change=sweep(**totals, refused=refused))
    for side in Side:
        lake.snapshot(side)
    report = inspect(lake.data_dir)
    if trouble is None:
        assert troubles(report) == {}
    else:
        assert troubles(report) == {"ledger_rows": Outcome.FAILED}
        finding = only(report, "ledger_rows")
        assert trouble in finding.what
        assert finding.rows[0].number == USDT_BOB_SELL
        assert finding.rows[0].subject.startswith("USDT/BOB SELL, 8 for ")


def test_a_market_that_is_gone_from_the_snapshot_is_found(lake, inspect, troubles):
    lake.ledger()
    lake.snapshot(change=lambda rows: rows.__delitem__(slice(9)))
    report = inspect(lake.data_dir)
    assert troubles(report) == {"ledger_rows": Outcome.FAILED}
    assert only(report, "ledger_rows").rows[0].subject == "USDT/BOB SELL, 0 for 8"


def test_a_market_without_a_sweep_is_a_warning(lake, inspect, troubles):
    lake.ledger(change=lambda rows: rows.pop(USDT_BOB_SELL))
    path = lake.snapshot()
    report = inspect(lake.data_dir)
    assert troubles(report) == {"ledger_markets": Outcome.WARNING}
    finding = only(report, "ledger_markets")
    assert finding.path == path
    assert (finding.rows[0].number, finding.rows[0].subject) == (None, "USDT/BOB SELL, 9 rows")


def test_two_sweeps_of_a_market_are_taken_together(lake, inspect, troubles):
    def change(rows):
        failed = {"verdict": "failed", "unique": 3, "total_last": None}
        rows.insert(USDT_BOB_SELL, rows[USDT_BOB_SELL] | failed)

    lake.ledger(change=change)
    lake.snapshot()
    assert troubles(inspect(lake.data_dir)) == {}


def test_a_ledger_of_another_version_is_named(lake, inspect, troubles):
    path = lake.ledger()
    table = pq.read_table(path, partitioning=None).drop_columns(["unique"])
    pq.write_table(table.replace_schema_metadata(None), path, write_page_checksum=True)
    report = inspect(path)
    assert troubles(report) == {
        "ledger_columns": Outcome.FAILED,
        "schema_version": Outcome.FAILED,
    }
    assert only(report, "ledger_columns").what == "missing: unique"


def test_a_side_that_nobody_knows_is_passed_over(lake, inspect, troubles):
    lake.ledger(change=lambda rows: rows.append(rows[0] | {"side": "BOTH"}))
    lake.snapshot()
    assert troubles(inspect(lake.data_dir)) == {}


def test_a_snapshot_without_ranks_is_not_compared(lake, inspect, troubles):
    lake.ledger()
    path = lake.snapshot()
    table = pq.read_table(path, partitioning=None).drop_columns(["rank"])
    pq.write_table(table, path, write_page_checksum=True)
    report = inspect(lake.data_dir)
    assert troubles(report) == {"own_columns": Outcome.FAILED}
    assert report.tallies.named("ledger_rows").outcome is Outcome.NOT_CHECKED
