"""What analysts see is what docs/warehouse.md says, and they can only look."""

import re

import psycopg2
import pytest

LIKE = "as `mv_latest_market_state`"
ARGUMENTS = {
    "offers_as_of(moment)": "now()",
    "merchant_volume(since, until)": "now(), now()",
    "method_prices(fiat, crypto, since, until)": "'VES', 'USDT', now(), now()",
}


def told(root):
    """Each view and function of the page, and its columns."""
    page = (root / "docs/warehouse.md").read_text("utf-8").split("## What there is to ask")[1]
    page = page.split("\n## ")[0]
    cells = [line.strip("|").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    columns = {cell[0].strip(" `"): re.findall(r"`(\w+)`", cell[2]) for cell in cells}
    state = columns["mv_latest_market_state"]
    alike = [cell[0].strip(" `") for cell in cells if LIKE in cell[2]]
    return columns | dict.fromkeys(alike, state)


def columns_of(database, relation):
    """As a plain new connection finds it: ``market`` is in its search path."""
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {relation} LIMIT 0")
        return [column.name for column in cursor.description]


def test_the_columns_are_those_of_the_page(root, database):
    page = told(root)
    found = {}
    for name in page:
        relation = name.split("(")[0]
        if name in ARGUMENTS:
            relation = f"{relation}({ARGUMENTS[name]})"
        found[name] = columns_of(database, relation)
    assert found == page


@pytest.fixture
def reader(connection, make_batch, ad, at, load):
    """A cursor of somebody who has the role, with a batch to look at."""
    load(make_batch(at(), [ad("1"), ad("2", "USDT/VES BUY")]))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE p2p_reader")
        yield cursor


def test_the_reader_sees_everything(root, reader):
    for name in told(root):
        relation = name.split("(")[0]
        call = f"{relation}({ARGUMENTS[name]})" if name in ARGUMENTS else relation
        reader.execute(f"SELECT count(*) FROM market.{call}")
    reader.execute("SELECT count(*) FROM market.mv_latest_market_state")
    assert reader.fetchone() == (2,)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM warehouse.live",
        "INSERT INTO warehouse.retention VALUES (false, now())",
        "CREATE TABLE market.mine (x integer)",
        "CREATE TABLE warehouse.mine (x integer)",
        "DROP VIEW market.fact_offers",
        "SELECT nextval('warehouse.offer_number')",
    ],
)
def test_the_reader_changes_nothing(reader, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        reader.execute(statement)


def test_partitions_made_later_are_the_readers_too(connection, load, make_batch, ad, at):
    load(make_batch(at(), [ad("1")]))
    load(make_batch(at(10), [ad("1", price=60.0)]))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE p2p_reader")
        cursor.execute("SELECT price, valid_from < now() FROM market.offer_versions ORDER BY 1")
        assert [float(price) for price, _ in cursor.fetchall()] == [58.1, 60.0]


def test_currencies_have_names_and_countries(load, make_batch, ad, at, query):
    load(make_batch(at(), [ad("1"), ad("2", "BTC/XOF BUY"), ad("3", "NEW/USD BUY")]))
    fiats = query(
        "SELECT currency_code, currency_name, country_code FROM market.dim_fiat_currencies"
    )
    assert sorted(fiats) == [
        ("USD", "US Dollar", "US"),
        ("VES", "Venezuelan Bolívar", "VE"),
        ("XOF", "West African CFA Franc", None),
    ]
    assets = query("SELECT symbol, name, binance_asset_code FROM market.dim_cryptocurrencies")
    assert sorted(assets) == [
        ("BTC", "Bitcoin", "BTC"),
        ("NEW", None, "NEW"),
        ("USDT", "Tether", "USDT"),
    ]
