"""Everything that a month has shown: sizes, loads and answers."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import numpy as np
import psycopg2.extensions as pg

from benchmarks.bars import AT_MOST, UNDER, Bar
from benchmarks.machine import machine
from benchmarks.month.asking import Answered, ask_all
from benchmarks.month.log import Log
from benchmarks.month.plain_snapshot import PlainSnapshot, plain_snapshot
from benchmarks.month.running import Month
from benchmarks.month.sizes import sizes

MOST_BYTES = 25
MOST_GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class Day:
    """Seconds of a day's loads, the first batch of all left out; those of parts are medians."""

    day: str
    loads: int
    ads: int
    p5: float
    p50: float
    p95: float
    staging: float
    database: float
    cpu: float | None
    versions: int


@dataclass(frozen=True, slots=True)
class Figures:
    """``merchants`` is the share of the live ads that belong to merchants; sizes are bytes."""

    machine: str
    server: str
    batches: int
    observations: int
    merchants: float
    size: dict[str, int]
    plain: PlainSnapshot
    vacuum_seconds: float
    days: list[Day]
    answers: list[Answered]

    @property
    def bytes_per_observation(self) -> float:
        """Of the whole database, by all ads of all batches."""
        return sum(self.size.values()) / self.observations

    def bars(self) -> Iterator[Bar]:
        """What the warehouse must reach, and what it does reach."""
        yield Bar("size, an observation", self.bytes_per_observation, AT_MOST, MOST_BYTES, "bytes")
        yield Bar("load, last day by first", growth(self.days), UNDER, MOST_GROWTH, "times")
        for answer in self.answers:
            title, most = answer.question.title, answer.question.most
            yield Bar(title, p95(answer.seconds), UNDER, most, "s")

    def document(self) -> dict[str, Any]:
        """Everything as JSON takes it."""
        answers = [
            {
                "question": answer.question.title,
                "p50": float(np.percentile(answer.seconds, 50)),
                "p95": p95(answer.seconds),
                "p95 executed": p95(answer.executed),
                "rows": answer.rows,
                "seconds": answer.seconds,
                "executed": answer.executed,
            }
            for answer in self.answers
        ]
        bars = [asdict(bar) | {"met": bar.is_met} for bar in self.bars()]
        derived = {"bytes_per_observation": self.bytes_per_observation, "bars": bars}
        return asdict(self) | derived | {"answers": answers}


def measure(month: Month, connection: pg.connection, vacuum_seconds: float) -> Figures:
    """Ask everything, of a warehouse that was vacuumed and analysed before."""
    server, batches, observations, merchants = _facts(connection)
    return Figures(
        machine=machine(),
        server=server,
        batches=batches,
        observations=observations,
        merchants=merchants,
        size=sizes(connection),
        plain=plain_snapshot(connection),
        vacuum_seconds=vacuum_seconds,
        days=list(days_of(month.loads)),
        answers=list(ask_all(connection)),
    )


def days_of(loads: Log) -> Iterator[Day]:
    """The loads day by day."""
    later = list(loads)[1:]
    for day, lines in groupby(later, key=lambda line: line["started_at"][:10]):
        yield _day(day, list(lines))


def _day(day: str, lines: list[dict[str, Any]]) -> Day:
    told = [line["cpu"] for line in lines if line.get("cpu")]
    low, middle, high = np.percentile([line["seconds"] for line in lines], (5, 50, 95)).tolist()
    return Day(
        day=day,
        loads=len(lines),
        ads=sum(line["ads"] for line in lines),
        p5=low,
        p50=middle,
        p95=high,
        staging=float(np.median([line["staging"] for line in lines])),
        database=float(np.median([line["database"] for line in lines])),
        cpu=float(np.median(told)) if told else None,
        versions=sum(line["inserted"] + line["updated"] for line in lines),
    )


def growth(days: list[Day]) -> float:
    """What a load takes on the last day by the first: CPU, or seconds where that is not told."""
    told = [day.cpu for day in days if day.cpu]
    first, *_, last = told if len(told) > 1 else [day.p50 for day in (days[0], *days)]
    return last / first


def p95(seconds: list[float]) -> float:
    """The time within which nineteen of twenty were answered."""
    return float(np.percentile(seconds, 95))


def _facts(connection: pg.connection) -> tuple[str, int, int, float]:
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('PostgreSQL %%s, shared_buffers %%s, work_mem %%s',"
            " current_setting('server_version'), current_setting('shared_buffers'),"
            " current_setting('work_mem')), count(*), sum(offers_extracted),"
            " (SELECT avg(a.is_merchant::integer)::float FROM warehouse.live"
            "  JOIN warehouse.advertiser_version a USING (advertiser_sk)) FROM warehouse.batch",
            (),
        )
        server, batches, observations, merchants = cursor.fetchall()[0]
        return server, batches, int(observations), merchants
