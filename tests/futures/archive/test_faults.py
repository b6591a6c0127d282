"""A run into every fault of the archive, and one after they have been mended."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.futures.archive.runs import Lake, options, run_history
from tests.futures.archive.truth import as_meant, as_written

FAULTS = {
    "missing-file": "2026-08-31",
    "disordered-rows": "2026-09-02",
    "zero-quantity": "2026-09-03",
    "missing-ids": "2026-09-04",
    "no-header": "2026-09-05",
    "broken-row": "2026-09-06",
    "broken-zip": "2026-09-07",
    "wrong-checksum": "2026-09-08",
    "no-checksum": "2026-09-09",
    "gone-file": "2026-09-10",
    "cut-file": "2026-09-11",
    "busy-file": "2026-09-12",
    "no-range": "2026-09-13",
}
LOST = ["broken-row", "broken-zip", "wrong-checksum", "no-checksum", "gone-file"]


def name_of(kind):
    return f"BTCUSDT-aggTrades-{FAULTS[kind]}"


@pytest.fixture(scope="module")
def runs(tmp_path_factory, surroundings, open_archive):
    lake = Lake(tmp_path_factory.mktemp("faults") / "data")
    faults = tuple(f"{kind}@BTCUSDT-aggTrades-{day}" for kind, day in FAULTS.items())
    exchange = open_archive(faults=faults, end=date(2026, 9, 14))
    first = run_history(exchange, lake.folder, surroundings, end="2026-09-14")
    gaps, stems = lake.gaps(), lake.stems
    files = {stem: (lake.rows(stem), lake.told(stem)[1]) for stem in stems}
    asked, sent = exchange.archive_requests()
    exchange.adjust(archive=options(end=date(2026, 9, 14)))
    second = run_history(exchange, lake.folder, surroundings, end="2026-09-14")
    return SimpleNamespace(
        lake=lake, first=first, second=second, gaps=gaps, files=files, asked=asked, sent=sent
    )


def test_it_says_so_by_its_exit_code(runs):
    assert (runs.first[0], runs.second[0]) == (3, 0), runs.second[1]


def test_what_cannot_be_proved_or_read_is_not_stored(runs):
    assert not {name_of(kind) for kind in (*LOST, "missing-file")} & set(runs.files)
    assert len(runs.files) == 16 - len(LOST) - 1


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("broken-row", "row 61 cannot be read"),
        ("broken-zip", "is no whole zip"),
        ("wrong-checksum", "has not the SHA-256 that its CHECKSUM tells"),
        ("no-checksum", "has no CHECKSUM"),
        ("gone-file", "is not there (HTTP 404)"),
    ],
)
def test_it_is_named_with_the_reason(runs, kind, told):
    lines = [line for line in runs.first[1].splitlines() if f"{name_of(kind)} is not" in line]
    assert len(lines) == 1
    assert "WARNING" in lines[0]
    assert told in lines[0]


@pytest.mark.parametrize("kind", ["no-header", "cut-file", "busy-file", "no-range"])
def test_what_can_be_had_all_the_same_is(runs, kind):
    rows, found = runs.files[name_of(kind)]
    assert as_written(rows) == as_meant(name_of(kind))
    assert not found["faults"]


def test_rows_out_of_order_are_put_in_order(runs):
    rows, found = runs.files[name_of("disordered-rows")]
    assert as_written(rows) == as_meant(name_of("disordered-rows"))
    assert found["was_sorted"]


def test_content_faults_are_told_by_row_and_nothing_is_invented(runs):
    rows, found = runs.files[name_of("zero-quantity")]
    kind = "quantity not above 0"
    assert found["faults"] == [{"kind": kind, "count": 3, "rows": [[1, 1], [51, 51], [101, 101]]}]
    assert f"{name_of('zero-quantity')}: {kind} in 3 rows (row 1, 51, 101)" in runs.first[1]
    assert sum(row["quantity"] == 0 for row in rows) == 3
    rows, found = runs.files[name_of("missing-ids")]
    assert len(rows) == 118
    assert [(each["kind"], each["rows"]) for each in found["faults"]] == [
        ("ids missing before it", [[26, 26], [75, 75]])
    ]


def test_absent_days_are_recorded_gaps(runs):
    gap, *others = runs.gaps
    missing = as_meant(name_of("missing-file"))
    assert (gap["from_id"], gap["to_id"]) == (missing[0][0], missing[-1][0])
    assert (gap["stream"], gap["symbol"]) == ("aggTrades", "BTCUSDT")
    assert (gap["reason"], gap["healed"]) == ("the archive has no such file", False)
    assert [other["started_at"].day for other in others] == [
        5,
        7,
        8,
        9,
        10,
    ]  # a trade, then midnights
    assert f"a gap from {gap['started_at']:%Y-%m-%d %H:%M:%S} to" in runs.first[1]
    assert others[0]["from_id"] == as_meant(name_of("broken-row"))[0][0]


def test_a_cut_download_is_gone_on_with(runs):
    key = f"data/futures/um/daily/aggTrades/BTCUSDT/{name_of('cut-file')}.zip"
    assert runs.asked[key] == 4  # three times half of what was left, then the rest


def test_mended_files_are_fetched_and_their_gaps_healed(runs):
    gaps = runs.lake.gaps()
    assert gaps
    assert all(gap["healed"] for gap in gaps)
    assert {gap["reason"] for gap in gaps} >= {"the archive has no such file"}
    for kind in (*LOST, "missing-file"):
        assert as_written(runs.lake.rows(name_of(kind))) == as_meant(name_of(kind))


def test_replaced_content_is_fetched_by_its_listing(runs):
    """The files with content faults have other bytes now; what is listed tells it by size."""
    for kind in ("zero-quantity", "missing-ids", "disordered-rows"):
        assert as_written(runs.lake.rows(name_of(kind))) == as_meant(name_of(kind))
