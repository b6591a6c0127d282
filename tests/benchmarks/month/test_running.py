"""A small month through the real loader: whole, resumed, and measured."""

import io
import json

from rich.console import Console

from benchmarks.month.asking import TIMES
from benchmarks.month.figures import measure
from benchmarks.month.report import print_figures
from benchmarks.month.running import run
from benchmarks.month.sizes import vacuum

BATCHES = 8
TABLES = {
    "version": "offer_id, valid_from, valid_to, adv_no, price, surplus, advertiser_sk",
    "sweep": "market_id, swept_at, verdict, unique_ads, ordinal, volume_sum",
    "advertiser_version": "advertiser_sk, valid_from, valid_to, nickname, is_merchant",
    "advertiser_day": "advertiser_id, day, changed_at, month_order_counts",
}


class Patience:
    """Tells to stop after so many batches."""

    def __init__(self, batches):
        self._left = batches

    @property
    def is_told(self):
        self._left -= 1
        return self._left <= 0


ENDLESS = 10**6


def contents(connection):
    with connection, connection.cursor() as cursor:
        found = {}
        for table, columns in TABLES.items():
            cursor.execute(f"SELECT {columns} FROM warehouse.{table} ORDER BY {columns}")
            found[table] = cursor.fetchall()
        return found


def test_a_month_that_was_stopped_is_the_same_as_one_that_was_not(make_month, new_warehouse):
    whole, resumed = make_month("whole", BATCHES), make_month("resumed", BATCHES)
    with new_warehouse() as connection:
        assert run(whole, connection, Patience(ENDLESS))
        expected = contents(connection)
    with new_warehouse() as connection:
        assert not run(resumed, connection, Patience(3))
        assert run(resumed, connection, Patience(ENDLESS))
        assert contents(connection) == expected
        assert run(resumed, connection, Patience(ENDLESS))
    assert len(expected["version"]) > 100
    lines = list(resumed.loads)
    assert len(lines) == BATCHES
    assert [line["inserted"] for line in lines] == [line["inserted"] for line in whole.loads]
    assert [line["day"] for line in resumed.sizes] == ["2026-10-01", "2026-10-02"]
    assert not list(resumed.lake.rglob("*.parquet"))


def test_a_state_that_lags_behind_is_made_up_for(make_month, new_warehouse):
    month = make_month("lagging", BATCHES)
    with new_warehouse() as connection:
        assert not run(month, connection, Patience(3))
        (month.folder / "world.npz").unlink()
        assert run(month, connection, Patience(ENDLESS))
    assert len(list(month.loads)) == BATCHES


def test_everything_is_measured(make_month, new_warehouse):
    month = make_month("measured", BATCHES)
    with new_warehouse() as connection:
        run(month, connection, Patience(ENDLESS))
        figures = measure(month, connection, vacuum(connection))
    assert figures.batches == BATCHES
    assert figures.observations == sum(line["ads"] for line in month.loads)
    assert figures.bytes_per_observation > 1
    assert 50 < figures.plain.offers < 2000
    assert sum(day.loads for day in figures.days) == BATCHES - 1
    assert all(len(answer.seconds) == TIMES for answer in figures.answers)
    assert {answer.rows > 0 for answer in figures.answers} == {True}
    assert json.loads(json.dumps(figures.document()))["bars"]
    output = io.StringIO()
    print_figures(figures, Console(file=output, width=150))
    assert "versions of a market, the largest pair" in output.getvalue()
