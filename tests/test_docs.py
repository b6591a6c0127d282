"""What the README and docs/ say is what the code is: names, defaults, orders, links."""

import argparse
import ast
import re
from dataclasses import fields
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from scrapy.settings import BaseSettings

from items import AD_COLUMNS, AD_SCHEMA, SWEEP_COLUMNS, SWEEP_SCHEMA, BatchRecord
from p2p_scrapy.alert_addresses import parse_alert_addresses
from p2p_scrapy.binance.answers import ExchangeError
from p2p_scrapy.census.scope import _ARGUMENTS
from p2p_scrapy.census.trouble import ALERT_AFTER
from p2p_scrapy.config import Config, setting_name
from p2p_scrapy.exchange.arguments import add_flags
from p2p_scrapy.exchange.fault_kinds import KINDS
from p2p_scrapy.futures.config import DEFAULTS as FUTURES_DEFAULTS
from p2p_scrapy.futures.stream.events import Reason
from p2p_scrapy.futures.stream.scope import _ARGUMENTS as STREAM_ARGUMENTS
from p2p_scrapy.lake.inspection.catalogue import CHECKS
from p2p_scrapy.watch.health.looking import health
from p2p_scrapy.watch.metrics.definitions import METRICS
from p2p_scrapy.watch.notices.evidence import EVENTS, UNTIL_COMPLETED, UNTIL_LOADED, UNTIL_WHOLE
from p2p_scrapy.watch.notices.message import OF_SEVERAL

TYPES = {
    "string": pa.string(),
    "float64": pa.float64(),
    "int64": pa.int64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "list of string": pa.list_(pa.string()),
}


@pytest.fixture(scope="session")
def pages(root):
    """Every page's text, by its path below the root."""
    paths = [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").glob("*.md"))]
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in paths}


def table_rows(section):
    """The cells of all table rows in a section, without the headings of the tables."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rules = [at for at, line in enumerate(lines) if set(line) <= set("|-: ")]
    body = [line for at, line in enumerate(lines) if not {at, at + 1} & set(rules)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in body]


@pytest.fixture(scope="session")
def rows(pages):
    """The table rows below a heading of a page."""

    def rows_of(page, heading):
        below = pages[page].split(f"\n## {heading}\n")[1]
        return table_rows(re.split(r"^#+ ", below, maxsplit=1, flags=re.MULTILINE)[0])

    return rows_of


def names(table):
    """What stands in backticks in the first column."""
    return [name for row in table for name in re.findall(r"`([^`]+)`", row[0])]


def test_every_setting_and_its_default(rows):
    table = rows("docs/settings.md", "The project's settings")
    documented = {row[0].strip("`"): row[1] for row in table}
    defaults = {setting_name(spec.name): spec.metadata["default"] for spec in fields(Config)}
    told = {
        name: "" if cell.startswith("empty") else cell.strip("`")
        for name, cell in documented.items()
    }
    assert list(told.items()) == list(defaults.items())


def test_every_setting_of_the_futures_and_its_default(rows):
    table = rows("docs/settings.md", "Settings of the futures")
    told = {row[0].strip("`"): row[1].strip("`") for row in table}
    assert list(told.items()) == list(FUTURES_DEFAULTS.items())


def test_every_argument_and_stream_of_live_futures(pages):
    page = pages["docs/futures-stream.md"]
    told = names(table_rows(page.split("\n## ")[0]))
    assert told == list(STREAM_ARGUMENTS)


def test_every_reason_of_a_gap(rows):
    told = names(rows("docs/futures-stream.md", "What is missing is told"))
    assert told == [reason.value for reason in Reason]


def test_no_page_speaks_of_a_setting_that_is_not_there(pages):
    known = {setting_name(spec.name) for spec in fields(Config)}
    told = {name for text in pages.values() for name in re.findall(r"\bP2P_[A-Z_]+\b", text)}
    assert told <= known


def test_every_argument_of_the_spider(rows):
    assert names(rows("docs/settings.md", "Arguments of the spider")) == list(_ARGUMENTS)


def test_every_column_of_an_ad_in_order_with_its_type(rows):
    table = rows("docs/columns.md", "The 23 columns that never change")
    assert len(table) == 23
    table += rows("docs/columns.md", "Further columns")
    assert names(table) == list(AD_COLUMNS)
    assert [TYPES[row[1]] for row in table] == AD_SCHEMA.types


def test_every_column_of_the_ledger_in_order_with_its_type(rows):
    table = rows("docs/columns.md", "The ledger")
    assert names(table) == list(SWEEP_COLUMNS)
    assert [TYPES[row[1]] for row in table] == SWEEP_SCHEMA.types


def test_every_field_of_the_manifest_in_order(rows):
    assert names(rows("docs/columns.md", "The manifest")) == [f.name for f in fields(BatchRecord)]


def test_every_command_is_in_the_readme(root, rows):
    commands = {path.stem for path in (root / "p2p_scrapy/commands").glob("[!_]*.py")}
    assert {
        name.split()[1] for name in names(rows("README.md", "Commands")) if " " in name
    } == commands


def test_every_fault_kind_in_order(rows):
    assert names(rows("docs/exchange.md", "Faults")) == list(KINDS)


def test_every_option_of_the_exchange(rows):
    parser = argparse.ArgumentParser(add_help=False)
    add_flags(parser)
    flags = {flag for action in parser._actions for flag in action.option_strings}
    table = names(rows("docs/exchange.md", "Options"))
    assert {name.split()[0] for name in table} == flags | {"--port", "--host"}


def test_every_check_of_validate_in_order(rows):
    table = rows("docs/validate.md", "Checks")
    assert names(table) == [check.name for check in CHECKS]
    warns = {row[0].strip("`") for row in table if row[1].endswith("(warn)")}
    assert warns == {check.name for check in CHECKS if check.severity == "warn"}


def test_every_metric_in_order(rows):
    told = [
        (cells[0], cells[1])
        for heading in ("Batches", "What is read", "Requests", "The warehouse")
        for cells in rows("docs/metrics.md", heading)
    ]
    assert told == [(f"`{_with_labels(metric)}`", _kind(metric)) for metric in METRICS]


def _with_labels(metric):
    return metric.name + (f"{{{','.join(metric.labels)}}}" if metric.labels else "")


def _kind(metric):
    bounds = ", ".join(f"{each:g}" for each in metric.buckets)
    return f"{metric.kind}: {bounds}" if bounds else str(metric.kind)


def test_every_check_of_health_in_order(rows):
    settings = BaseSettings({"P2P_DATA_DIR": "/nowhere"})
    found = health(Config.from_settings(settings), datetime(2026, 6, 5, tzinfo=UTC))
    checks = names(row[:1] for row in rows("docs/metrics.md", "Health") if len(row) == 3)
    assert checks == [check.name for check in found.checks]


def test_every_row_rule_in_order(root, rows):
    reasons = re.findall(r'yield "(\w+)"', (root / "pipelines/validation.py").read_text("utf-8"))
    placed = [reason for reason in reasons if reason.startswith("wrong_")]
    others = [reason for reason in reasons if reason not in placed]
    table = names(rows("docs/pipelines.md", "Row rules"))
    assert table == ["unparsable", others[0], *placed, *others[1:]]


def subclasses(kind):
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_trouble(rows):
    kinds = {error.kind for error in subclasses(ExchangeError)}
    assert (
        set(names(row[:1] for row in rows("docs/troubles.md", "What the exchange answers")))
        == kinds
    )


RAISES = ("alerts.call", "alerts.add", "self._fail")


def alert_kinds(tree):
    """The kinds that a module raises; of one that is put together, its fixed part."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(RAISES):
            kind = node.args[0]
            if isinstance(kind, ast.JoinedStr):
                yield "".join(part.value for part in kind.values if isinstance(part, ast.Constant))
            elif isinstance(kind, ast.Constant):
                yield kind.value


def test_every_alert(root, rows):
    sources = [
        path for name in ("p2p_scrapy", "pipelines", "cron") for path in (root / name).rglob("*.py")
    ]
    raised = {kind for path in sources for kind in alert_kinds(ast.parse(path.read_text("utf-8")))}
    table = names(rows("docs/alerts.md", "What the collector raises"))
    told = {re.sub(r"^\d+", "", kind) for kind in table}
    assert told == raised | set(ALERT_AFTER)
    assert len(told) == len(table)


def test_what_ends_an_alert_of_a_special_kind(pages):
    page = pages["docs/alerts.md"].replace("5_failures", "failures")
    for kinds, told in (
        (UNTIL_COMPLETED, "end with the next completed batch"),
        (UNTIL_LOADED, "ends when the warehouse could be loaded"),
        (UNTIL_WHOLE, "ends when the warehouse has every"),
        (EVENTS, "tells of a change"),
    ):
        (line,) = [line for line in page.splitlines() if told in line]
        assert set(re.findall(r"`(\w+)`", line)) == kinds


def test_what_is_told_more_than_once_while_it_stands(pages):
    (line,) = [line for line in pages["docs/alerts.md"].splitlines() if "tells more" in line]
    assert set(re.findall(r"`(\w+)`", line)) == OF_SEVERAL


def test_every_address_that_is_shown_is_one(rows):
    given = {
        "TokenA/TokenB/TokenC": "TAAAAAAAA/BAAAAAAAA/CAAAAAAAAAAAAAAAAAAAAAAA",
        "BOTTOKEN/CHATID": f"123456789:{'a' * 35}/-1001234567890",
    }
    table = rows("docs/alerts.md", "Messages from the collector")
    shown = [address for row in table for address in re.findall(r"`(\w+://[^`]{5,})`", row[1])]
    for place, value in given.items():
        shown = [each.replace(place, value) for each in shown]
    services = [
        address.name.partition(" ")[2] for address in parse_alert_addresses(" ".join(shown))
    ]
    assert services == ["(Slack)", "(Pager Duty)", "(E-Mail)", "(Telegram)", "(JSON)"]


def test_every_alert_of_prometheus_in_order(root, rows):
    rules = (root / "deploy/prometheus/rules.yml").read_text("utf-8")
    alerts = dict.fromkeys(re.findall(r"- alert: (\w+)", rules))
    assert names(row[:1] for row in rows("docs/alerts.md", "What Prometheus alerts")) == [*alerts]


def test_every_test_that_is_named_exists(root, pages):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", pages["docs/troubles.md"])
    assert len(named) > 20
    missing = [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (root / path).read_text("utf-8")
    ]
    assert missing == []


def columns_of_the_schema(root):
    """What each view and function of the schema gives, as its migrations say."""
    made = {}
    for path in sorted((root / "p2p_scrapy/warehouse/migrations").glob("*.sql")):
        made |= dict.fromkeys(re.findall(r"CREATE VIEW market\.(\w+)", path.read_text("utf-8")))
    return made


def test_every_view_of_the_warehouse(root, rows):
    told = names(row[:1] for row in rows("docs/warehouse.md", "What there is to ask"))
    assert set(columns_of_the_schema(root)) == {name for name in told if "(" not in name}


def anchors(text):
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere(root, pages):
    broken = []
    for page, text in pages.items():
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (root / page).parent / path if path else root / page
            if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
                broken.append(f"{page}: {link}")
    assert broken == []


def test_every_page_is_reached_from_the_readme(root, pages):
    reached, todo = set(), {"README.md"}
    while todo:
        page = todo.pop()
        reached.add(page)
        links = re.findall(r"\]\(([\w./-]+\.md)", pages[page])
        found = {((root / page).parent / link).resolve().relative_to(root) for link in links}
        todo |= {str(path) for path in found} - reached
    assert set(pages) - reached <= {"CHANGELOG.md"}
