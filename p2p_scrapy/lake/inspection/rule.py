"""A rule: which rows of a table offend against a check."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from p2p_scrapy.lake.inspection.check import Check
from p2p_scrapy.lake.inspection.finding import NAMED, Finding, Row, Tallies

ROW = "row number"
"""The column that every table is given here: where a row stands in its file, from 0."""

_SUBJECT = ("adv_no", "asset", "fiat", "side")

Condition = pc.Expression | pa.BooleanArray
"""What is true of the rows that offend; null is not true."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What must not be so in any row.

    Attributes:
        check: the check that it belongs to.
        what: what is wrong with an offending row.
        needs: the columns it reads; without all of them, sound, it is not put.
        offends: which rows offend, or how to tell from the table.
    """

    check: Check
    what: str
    needs: tuple[str, ...]
    offends: pc.Expression | Callable[[pa.Table], Condition]


def apply_rules(rules: Iterable[Rule], path: Path, table: pa.Table, tallies: Tallies) -> None:
    """Put rules to a table that is numbered by ROW and holds sound columns only.

    A file may come piece by piece; it counts as examined once, by its first piece.
    """
    first_piece = not table.num_rows or table[ROW][0].as_py() == 0
    possible = [rule for rule in rules if set(rule.needs).issubset(table.schema.names)]
    for check in dict.fromkeys(rule.check for rule in possible):
        findings = (_finding(rule, path, table) for rule in possible if rule.check is check)
        tallies.record(check, filter(None, findings), examined=int(first_piece))


def numbered(table: pa.Table, columns: Iterable[str], first: int = 0) -> pa.Table:
    """Some columns of a table and ROW; ``first`` is the place of its first row in the file."""
    numbers = pa.array(range(first, first + table.num_rows), pa.int64())
    return table.select(sorted(columns)).append_column(ROW, numbers)


def _finding(rule: Rule, path: Path, table: pa.Table) -> Finding | None:
    subject = [name for name in _SUBJECT if name in table.schema.names]
    rows = _offending(rule, table.select(list({ROW, *rule.needs, *subject})))
    if not rows.num_rows:
        return None
    first = rows.select([ROW, *subject]).slice(0, NAMED)
    named = tuple(Row(row[ROW], _subject(row)) for row in first.to_pylist())
    return Finding(rule.check, path, rule.what, rows.num_rows, named)


def _offending(rule: Rule, rows: pa.Table) -> pa.Table:
    if not rows.num_rows:
        return rows
    return rows.filter(rule.offends(rows) if callable(rule.offends) else rule.offends)


def _subject(row: dict[str, Any]) -> str | None:
    """What a row is known by: the market in a ledger, else the ad."""
    if "side" in row:
        return "{asset}/{fiat} {side}".format_map(row)
    ad: str | None = row.get("adv_no")
    return ad
