"""Every question of the market dashboard answers, with rows, to the role that may only look."""

import math
import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg2
import pytest
from psycopg2.extensions import make_dsn
from scrapy.settings import Settings

from p2p_scrapy.config import Config
from p2p_scrapy.warehouse.loader import loader
from p2p_scrapy.warehouse.quality import Thresholds
from tests.operations.dashboards import (
    ALL,
    Verbatim,
    dashboard,
    panels,
    repeated,
    targets,
    with_macros,
    with_variables,
)
from tests.postgres import execute, forgetful_server
from tests.warehouse.replay.simulated.exchange import Exchange
from tests.warehouse.replay.simulated.histories import TEN_MINUTES, run

BATCHES = 30
DAY = timedelta(hours=24)
BOARD = dashboard("market")
QUESTIONS = {
    f"{panel['title']} {target['refId']}": (panel, target) for panel, target in targets(BOARD)
}
VARIABLES = {variable["name"]: variable for variable in BOARD["templating"]["list"]}
REPEATED = repeated(BOARD)
INTERVALS = ("1s", "1m", "10m", "1h", "1d")


@pytest.fixture(scope="module")
def now():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def server():
    with forgetful_server() as running:
        yield running


@pytest.fixture(scope="module")
def warehouse(server, now, tmp_path_factory):
    """Five hours of batches up to now, loaded from a lake; one method has an odd name."""
    lake = tmp_path_factory.mktemp("lake")
    exchange = Exchange(random.Random(5), fiats=("VES", "BOB", "EUR"), most=40)
    run(exchange, lake, now - BATCHES * TEN_MINUTES, BATCHES, TEN_MINUTES)
    thresholds = Thresholds.from_config(Config.from_settings(Settings()))
    with loader(server.dsn, lake, thresholds) as warehouse:
        assert len(warehouse.catch_up().loaded) == BATCHES
    rename = "UPDATE warehouse.payment_method SET method_name = 'Bank of O''Brien'"
    execute(server.dsn, f"{rename} WHERE method_code = 'Zelle'", "ANALYZE")
    return server.dsn


@pytest.fixture(scope="module")
def ask(warehouse):
    """Ask as Grafana's own user: columns with their types, and rows."""
    execute(
        warehouse,
        "CREATE ROLE grafana LOGIN IN ROLE p2p_reader",
        "ALTER ROLE grafana SET default_transaction_read_only = on",
        "ALTER ROLE grafana SET search_path = pg_catalog",  # the questions name their schema
    )
    with closing(psycopg2.connect(make_dsn(warehouse, user="grafana"))) as connection:
        connection.autocommit = True
        yield lambda statement: answer(connection, statement)


def answer(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column.name for column in cursor.description]
        return names, cursor.fetchall()


def options(ask, name, chosen):
    """What a variable offers; a column __value goes before the text."""
    names, rows = ask(with_variables(VARIABLES[name]["query"], chosen))
    at = names.index("__value") if "__value" in names else 0
    return [row[at] for row in rows]


def choices(ask, title=""):
    """What a person may choose, the first of each, some, all; as a panel of this title sees it."""
    for chosen in ticked(ask):
        if variable := REPEATED.get(title):
            yield from (chosen | {variable: value} for value in chosen[variable])
        else:
            yield chosen


def ticked(ask):
    (asset, *_) = options(ask, "asset", {})
    fiats = options(ask, "fiat", {"asset": asset})
    methods = options(ask, "method", {"asset": asset, "fiat": fiats})
    everything = Verbatim(VARIABLES["method"]["allValue"])
    return [
        {"asset": asset, "fiat": fiats[:1], "method": everything},
        {"asset": asset, "fiat": fiats, "method": methods},
        {"asset": asset, "fiat": fiats[:2], "method": [*methods[:2], "Zelle"]},
    ]


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_offers_something_and_nothing_twice(name, ask):
    for chosen in choices(ask):
        offered = options(ask, name, chosen)
        assert len(set(offered)) == len(offered) > 1
        assert all(isinstance(each, str) and each for each in offered)


def test_the_default_of_the_methods_is_all():
    assert VARIABLES["method"]["includeAll"]
    assert VARIABLES["method"]["current"]["value"] == [ALL]


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_an_answer(question, interval, ask, now):
    panel, target = QUESTIONS[question]
    for chosen in choices(ask, panel["title"]):
        text = with_variables(target["rawSql"], chosen)
        names, rows = ask(with_macros(text, now - DAY, now, interval))
        assert rows, chosen
        assert any(isinstance(value, int | float | Decimal) for value in rows[0])
        if target["format"] == "time_series":
            is_a_time_series(names, rows)


def is_a_time_series(names, rows):
    """What Grafana needs of one: a time in order, numbers, and of names at most one, ``metric``.

    Three columns, or Grafana adds the value's name to the metric's.
    """
    assert names[0] == "time"
    times = [row[0] for row in rows]
    assert times == sorted(times)
    assert all(isinstance(time, datetime) and time.tzinfo for time in times)
    texts = [name for name, value in zip(names, rows[0], strict=True) if isinstance(value, str)]
    assert texts in ([], ["metric"])
    if texts:
        assert len(names) == 3
        assert len({row[:2] for row in rows}) == len(rows), "two values at a time"
    numbers = [
        value
        for row in rows
        for name, value in zip(names, row, strict=True)
        if name not in ("time", "metric")
    ]
    assert all(value is None or math.isfinite(value) for value in numbers)


def test_an_earlier_end_of_the_range_shows_the_book_of_then(ask, now):
    _, target = QUESTIONS["The book A"]
    chosen = next(choices(ask, "The book"))

    def book(until):
        text = with_variables(target["rawSql"], chosen)
        return ask(with_macros(text, until - DAY, until, "1m"))[1]

    assert book(now) != book(now - timedelta(hours=2)) != []


def test_a_chosen_method_leaves_the_others_out(ask, now):
    for title in ("Best prices by payment method", "Prices by payment method over the time range"):
        chosen = next(choices(ask, title)) | {"method": ["Zelle"]}
        text = with_variables(QUESTIONS[f"{title} A"][1]["rawSql"], chosen)
        _, rows = ask(with_macros(text, now - DAY, now, "1m"))
        assert {row[0] for row in rows} == {"Bank of O'Brien"}


def test_the_fields_that_are_shown_are_the_questions_own(ask, now):
    for panel in panels(BOARD):
        chosen = next(choices(ask, panel["title"]))
        (target,) = panel["targets"]
        names, rows = ask(
            with_macros(with_variables(target["rawSql"], chosen), now - DAY, now, "1h")
        )
        there = {*names, *(row[names.index("metric")] for row in rows if "metric" in names)}
        matched = {each["matcher"]["options"] for each in panel["fieldConfig"]["overrides"]}
        assert matched <= there, panel["title"]


def test_who_looks_cannot_change_anything(ask):
    for statement in ("DELETE FROM warehouse.batch", "CREATE TABLE market.mine (a int)"):
        with pytest.raises(psycopg2.Error, match=r"read-only|permission denied"):
            ask(f"SET default_transaction_read_only = off; {statement}")
