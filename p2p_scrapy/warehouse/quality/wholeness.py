"""Whether what was loaded holds together: no ad twice, time runs forward, references lead on."""

from collections import Counter
from typing import Any

import psycopg2.extensions as pg

from items import BatchRecord
from p2p_scrapy.warehouse.quality.asking import ask
from p2p_scrapy.warehouse.quality.outcome import NAMED, Check
from p2p_scrapy.warehouse.staging import Staged
from p2p_scrapy.warehouse.staging.compute import pc


def duplicates(staged: Staged) -> Check:
    """Rows of ads that stand in the snapshots already.

    The exchange repeats rows on its pages; how many of those were left out is in the details.
    """
    numbers = staged.ads["adv_no"]
    count = len(numbers) - pc.count_distinct(numbers).as_py()
    return Check(
        "duplicates",
        count,
        0,
        passed=not count,
        finding=f"{count} ads stand in the snapshots more than once",
        details={
            "ads": _repeated(staged) if count else [],
            "repeated_rows_left_out": pc.sum(staged.sweeps["duplicates"]).as_py() or 0,
        },
    )


def temporal_consistency(cursor: pg.cursor, record: BatchRecord) -> Check:
    """Sweeps not after their market's last, versions without time, versions that overlap."""
    rows = ask(cursor, "temporal", started_at=record.started_at, named=NAMED)
    count = rows[0]["problems"] if rows else 0
    problems = [{name: row[name] for name in ("problem", "market", "adv_no")} for row in rows]
    return Check(
        "temporal_consistency",
        count,
        0,
        passed=not count,
        finding=f"{count} sweeps or versions do not come after those before them",
        details={"problems": problems},
    )


def referential_integrity(cursor: pg.cursor, batch_no: int) -> Check:
    """Rows written by this batch that speak of something that is not there."""
    missing = {
        row["reference"]: int(row["missing"])
        for row in ask(cursor, "references", batch_no=batch_no)
        if row["missing"]
    }
    count = sum(missing.values())
    return Check(
        "referential_integrity",
        count,
        0,
        passed=not count,
        finding=f"{count} references lead nowhere: {', '.join(missing)}",
        details={"missing": missing},
    )


def precision(staged: Staged) -> Check:
    """Prices and quantities of more digits than float64 holds for certain."""
    return Check(
        "precision",
        staged.imprecise,
        0,
        passed=not staged.imprecise,
        finding=f"{staged.imprecise} prices or quantities have more than 15 digits",
    )


def refused(record: BatchRecord) -> Check:
    """Ads that a row rule refused; for information, since the usual number is the market's."""
    count = sum(record.refused.values())
    return Check(
        "refused",
        count,
        None,
        passed=True,
        finding=f"{count} ads were refused",
        details={"reasons": record.refused},
    )


def _repeated(staged: Staged) -> list[dict[str, Any]]:
    rows = Counter(staged.ads["adv_no"].to_pylist())
    return [{"adv_no": number, "rows": count} for number, count in rows.items() if count > 1][
        :NAMED
    ]
