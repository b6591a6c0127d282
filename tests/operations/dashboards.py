"""The dashboards as files, and what Grafana makes of their queries before it sends them."""

import json
import re
from datetime import UTC
from pathlib import Path

GRAFANA = Path(__file__).resolve().parents[2] / "deploy/grafana"
NAMES = ("operations", "market")
ALL = "$__all"


def dashboard(name):
    """A dashboard, as its file has it."""
    return json.loads((GRAFANA / f"dashboards/{name}.json").read_text("utf-8"))


def panels(board):
    """Its panels without the headings of rows."""
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def targets(board):
    """Every question of a dashboard, with the panel that asks it."""
    return [(panel, target) for panel in panels(board) for target in panel["targets"]]


def repeated(board):
    """Titles of panels that a row repeats, and the variable of which each copy has one value."""
    variable, found = None, {}
    for panel in sorted(board["panels"], key=lambda each: each["gridPos"]["y"]):
        if panel["type"] == "row":
            variable = panel.get("repeat")
        elif variable:
            found[panel["title"]] = variable
    return found


def with_variables(text, chosen):
    """``$name``, ``${name}`` and ``${name:sqlstring}`` replaced as Grafana's front end does.

    A list is what a person has ticked; ALL stands for the variable's own value for all, which
    Grafana puts in as it is. Formats that no dashboard here uses are not known.
    """

    def value(match):
        name, form = match["braced"] or match["plain"], match["form"]
        if name not in chosen:
            return match[0]
        if form == "sqlstring":
            return sql_string(chosen[name])
        assert form is None, f"{match[0]}: a format that this test does not know"
        assert isinstance(chosen[name], str), f"{match[0]} of several values needs a format"
        return chosen[name]

    return re.sub(r"\$(?:(?P<plain>\w+)|\{(?P<braced>\w+)(?::(?P<form>\w+))?\})", value, text)


class Verbatim(str):
    """A variable's own value for all: put in without quotes, whatever the format."""

    __slots__ = ()


def sql_string(value):
    """Grafana's format ``sqlstring``: in single quotes, those within doubled; lists with commas."""
    if isinstance(value, Verbatim):
        return str(value)
    values = [value] if isinstance(value, str) else value
    return ",".join("'" + each.replace("'", "''") + "'" for each in values)


def with_macros(text, since, until, interval):
    """What Grafana's PostgreSQL data source makes of its macros."""

    def moment(time):
        return f"'{time.astimezone(UTC).isoformat().replace('+00:00', 'Z')}'"

    def expand(match):
        name, argument = match[1], match[2].strip()
        match name:
            case "__timeFilter":
                return f"{argument} BETWEEN {moment(since)} AND {moment(until)}"
            case "__timeFrom":
                return moment(since)
            case "__timeTo":
                return moment(until)
        raise AssertionError(f"unknown macro {name}")

    text = text.replace("$__interval", interval)
    return re.sub(r"\$([_a-zA-Z0-9]+)\(([^)]*)\)", expand, text)
