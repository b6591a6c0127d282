"""Asks every question many times, about something else each time, with a watch beside it."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg2.extensions as pg

from benchmarks.month.questions import About, Question, questions

TIMES = 20
_RANDOM_SEED = 1
_FUNCTIONS = ("merchant_volume", "method_prices")
"""What only a later schema may have."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What each asking took, and how many rows came at most.

    ``seconds`` are from the question to the last byte of the answer at the client, ``executed``
    those of a second asking whose answer was not sent.
    """

    question: Question
    seconds: list[float]
    executed: list[float]
    rows: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be asked about; pairs and markets are (asset, fiat), the largest book first."""

    first: datetime
    last: datetime
    pairs: list[tuple[str, str]]


def ask_all(connection: pg.connection) -> Iterator[Answered]:
    """Ask them all, one after the other."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SET SESSION search_path = market, public")
        ground = _ground(cursor)
        there = _functions(cursor)
        for question in questions():
            if question.name not in _FUNCTIONS or question.name in there:
                yield _ask(cursor, question, ground)


def _ask(cursor: pg.cursor, question: Question, ground: Ground) -> Answered:
    chance = random.Random(f"{_RANDOM_SEED} {question.title}")
    seconds, executed, rows = [], [], 0
    for _ in range(TIMES):
        parameters = _parameters(question.about, ground, chance)
        began = time.perf_counter()
        cursor.execute(question.sql, parameters)
        seconds.append(time.perf_counter() - began)
        rows = max(rows, cursor.rowcount)
        executed.append(_executed(cursor, question.sql, parameters))
    return Answered(question, seconds, executed, rows)


def _executed(cursor: pg.cursor, sql: str, parameters: dict[str, Any]) -> float:
    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT json) {sql}", parameters)
    ((told,),) = cursor.fetchall()
    seconds: float = (told[0]["Planning Time"] + told[0]["Execution Time"]) / 1000
    return seconds


def _parameters(about: About, ground: Ground, chance: random.Random) -> dict[str, Any]:
    pair = ground.pairs[0] if about is About.LARGEST else chance.choice(ground.pairs)
    asset, fiat = pair
    return {
        "moment": ground.first + chance.random() * (ground.last - ground.first),
        "day_ago": ground.last - timedelta(days=1),
        "until": ground.last,
        "asset": asset,
        "fiat": fiat,
        "side": chance.choice(("BUY", "SELL")),
    }


def _ground(cursor: pg.cursor) -> Ground:
    cursor.execute(
        "SELECT c.symbol, f.currency_code"
        " FROM warehouse.live JOIN warehouse.market USING (market_id)"
        " JOIN warehouse.crypto c USING (crypto_id) JOIN warehouse.fiat f USING (fiat_id)"
        " GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2"
    )
    pairs = cursor.fetchall()
    cursor.execute("SELECT min(swept_at), max(swept_at) FROM warehouse.sweep")
    first, last = cursor.fetchall()[0]
    return Ground(first, last, pairs)


def _functions(cursor: pg.cursor) -> set[str]:
    cursor.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'market'::regnamespace")
    return {name for (name,) in cursor.fetchall()}
