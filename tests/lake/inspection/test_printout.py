"""The report as a person reads it."""

import io

import pytest
from rich.console import Console

from items import Side
from p2p_scrapy.lake.inspection import print_report


@pytest.fixture
def printed(inspect):
    def text(*paths, width=80, terminal=False):
        out = io.StringIO()
        console = Console(file=out, width=width, force_terminal=terminal, color_system=None)
        print_report(inspect(*paths), console)
        return out.getvalue()

    return text


def test_a_good_lake_is_told_in_figures(lake, printed):
    for number in range(3):
        lake.batch(number)
    text = printed(lake.data_dir)
    lines = [line.split() for line in text.splitlines()]
    assert ["bids", "3", "81", "27", "27", "7", "3"] in lines
    assert ["USDT/VES", "bids", "267.30", "296.70", "9", "295.50", "296.70"] in lines
    assert ["asks", "303.30", "332.70", "9", "304.50", "303.30"] in lines
    assert ["USDT/VES", "6.60", "6.60", "6.60", "0", "of", "3"] in lines
    assert "3 manifests, 6 snapshots, 3 ledgers, 2 schemas" in text
    assert "2026-06-05 13:30:00 to 2026-06-05 13:50:00 UTC" in text
    assert "3 completed" in text
    assert "BANESCO 90, PagoMovil 72" in text
    assert "Everything checked is in order." in text
    assert "What to do" not in text


def test_tables_fit_80_columns_and_nothing_is_cut(lake, printed):
    lake.batch(0)
    lake.snapshot(Side.SELL, change=lambda rows: rows[9].update(price=1.9e9))
    text = printed(lake.data_dir)
    tables = text[: text.index("failed:")]
    assert max(map(len, tables.splitlines())) <= 80
    assert "1,900.0M" in tables
    assert "…" not in text


def test_a_defect_is_told_with_its_place_and_what_to_do(lake, printed):
    lake.batch(0)
    path = lake.snapshot(change=lambda rows: rows[3].update(price=None))
    text = printed(lake.data_dir)
    assert f"  {path.relative_to(lake.data_dir)}\n" in text
    assert "    price is null, 1 row: row 3 (BOBUSDTSELL4)\n" in text
    assert "  What to do: No such ad passes validation" in text
    assert "Not in order" in text


def test_many_defects_are_counted_not_listed(lake, printed):
    for number in range(9):
        lake.snapshot(number=number, change=lambda rows: rows[3].update(surplus_amount=0.0))
    text = printed(lake.data_dir)
    assert text.count("surplus_amount is 0, 1 row: row 3 (BOBUSDTSELL4)") == 5
    assert "and 4 further findings, 4 further files" in text
    assert "9 rows in 9 files of 9" in text
    assert "Nothing fails" in text


def test_a_terminal_wraps_what_is_long_and_keeps_the_indent(lake, printed):
    def change(rows):
        for row in rows:
            row["price"] = None

    path = lake.snapshot(change=change)
    text = printed(path, terminal=True)
    assert max(map(len, text.splitlines())) <= 80
    assert "\n    (BOBUSDTSELL3)" in text or "\n    row 2 (BOBUSDTSELL3)" in text


def test_what_a_file_says_cannot_act_on_the_terminal(lake, printed):
    def change(rows):
        rows[2].update(adv_no="\x1b[2J[red]x", price=-1.0, payment_methods=["\x1b]0;t\x07"])
        rows[0].update(fiat="[/red]", asset="\x1bA")

    text = printed(lake.snapshot(change=change), terminal=True)
    assert "\x1b" not in text
    assert "?[2J[red]x" in text
    assert "?A/[/red]" in text


def test_negative_spreads_are_said(lake, printed):
    lake.snapshot(Side.SELL)
    lake.snapshot(Side.BUY, change=lambda rows: rows[18].update(price=310.0))
    assert "1 of 1" in printed(lake.data_dir)


def test_only_the_largest_pairs_are_shown(lake, printed):
    def change(rows):
        for number, row in enumerate(rows):
            row.update(fiat=f"F{number:02d}", rank=1)

    text = printed(lake.snapshot(change=change))
    assert "the 12 of 27 pairs with most ads" in text
    assert sum("/F" in line for line in text.splitlines()) == 12


def test_several_lakes_and_loose_files_are_kept_apart(lake, printed, tmp_path):
    lake.snapshot()
    (lake.data_dir / "raw").rename(lake.data_dir / "samples")
    loose = lake.snapshot(number=1).rename(tmp_path / "mine.parquet")
    empty = lake.snapshot(change=list.clear)
    text = printed(lake.data_dir, loose, empty, width=140)
    assert "Files outside a lake" in text
    assert str(lake.data_dir / "samples") in text
    assert "2026-06-05 13:40:00 UTC" in text


def test_no_time_is_said(lake, printed, tmp_path):
    path = lake.snapshot(change=list.clear).rename(tmp_path / "mine.parquet")
    assert "unknown" in printed(path)
