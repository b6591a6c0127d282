"""What a killed batch left in its journal is brought into the lake at the next start."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from items import (
    AD_COLUMNS,
    SCHEMA_VERSION,
    SWEEP_COLUMNS,
    VENUE,
    BatchRecord,
    Market,
    Shortfall,
    Side,
    Status,
    Sweep,
    Verdict,
)
from p2p_scrapy import journal
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.clock import Clock
from p2p_scrapy.config import Config
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths

KILLED = "the process ended before this was read"

_LAYOUT = ("schema_version", "columns", "sweep_columns")
_AT = {name: index for index, name in enumerate(AD_COLUMNS)}
_SWEEP_AT = {name: index for index, name in enumerate(SWEEP_COLUMNS)}


@dataclass(slots=True)
class _Remnant:
    """What of a sweep had passed the pipelines: ads, and when the first and last were seen."""

    market: Market
    begun_at: datetime
    ended_at: datetime
    rows: int = 0
    promoted: int = 0
    refused: int = 0

    def row(self, batch_id: str) -> Sweep:
        """Its line in the ledger: what is known of it is partial."""
        return Sweep(
            venue=VENUE,
            batch_id=batch_id,
            asset=self.market.asset,
            fiat=self.market.fiat,
            side=self.market.side.value,
            started_at=self.begun_at,
            first_response_at=self.begun_at,
            swept_at=self.ended_at,
            lane="direct",
            total_first=None,
            total_last=None,
            rows=self.rows,
            unique=self.rows - self.promoted,
            promoted=self.promoted,
            duplicates=0,
            refused=self.refused,
            pages=0,
            rereads=0,
            verdict=Verdict.PARTIAL.value,
            error=KILLED,
        )


@dataclass(slots=True)
class _Remains:
    """What a journal holds, counted."""

    header: dict[str, Any] | None = None
    is_empty: bool = True
    plan: list[str] = field(default_factory=list)
    kept: dict[str, _Remnant] = field(default_factory=dict)
    verdicts: dict[str, list[Any]] = field(default_factory=dict)
    sides: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    last_seen: datetime | None = None


def recover(config: Config, clock: Clock) -> list[str]:
    """Close every batch whose journal still stands; call it under the folder's lock.

    What was done is returned, a sentence a batch.

    Raises:
        OSError: the disk's trouble; the journals stay for the next start.
    """
    journals = BatchPaths.journals(config.data_dir)
    done = [_recover_one(path, config, clock) for path in journals]
    return [sentence for sentence in done if sentence is not None]


def _recover_one(path: Path, config: Config, clock: Clock) -> str | None:
    remains = _read(path)
    if remains.is_empty and not journal.damaged_bytes(path):
        path.unlink()  # killed in its first write: nothing had passed
        return None
    if remains.header is None:
        return f"{_set_aside(path)} cannot be read by this version and is set aside"
    paths = BatchPaths(
        config.data_dir, remains.header["started_at"], sample=remains.header["sample"]
    )
    if paths.manifest.exists():
        path.unlink()
        return None
    damage = _keep_if_damaged(path)
    try:
        record = _close(remains, paths, clock)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad journal must not keep every later start
        return f"{_set_aside(path)} cannot become files ({error!r}) and is set aside"
    if not paths.sample:
        _enter_checkpoint(config.data_dir, remains)
    started, ads = f"{record.started_at:%Y-%m-%d %H:%M:%S} UTC", sum(record.ads.values())
    return f"the batch of {started} was killed: {ads} ads recovered, {record.status}{damage}"


def _keep_if_damaged(path: Path) -> str:
    """Keep a copy of a journal that something else than a kill has cut; what to say of it."""
    damaged = journal.damaged_bytes(path)
    if not damaged:
        return ""
    copy = path.with_name(f"damaged_{path.name.strip('.').removesuffix('.tmp')}")
    shutil.copyfile(path, copy)
    return f"; {damaged} bytes of its journal are damaged and NOT recovered, they lie in {copy}"


def _set_aside(path: Path) -> Path:
    """Give a journal a visible name, under which no start looks at it again."""
    return path.rename(path.with_name(path.name.strip(".").removesuffix(".tmp")))


def _close(remains: _Remains, paths: BatchPaths, clock: Clock) -> BatchRecord:
    log = Journal(paths.journal)
    for row in _unfinished(remains):
        log.append("sweep", row.row())
        remains.verdicts[_name(row.row())] = list(row.row())
    log.close()
    return close_batch(_record(remains, clock.now()), paths)


def _read(path: Path) -> _Remains:
    remains = _Remains()
    for kind, payload in journal.read(path):
        remains.is_empty = False
        match kind:
            case "batch" if _is_readable(payload):
                remains.header = payload
            case _ if remains.header is None:
                break
            case "plan":
                remains.plan += payload
            case "ad":
                _count_ad(remains, payload)
            case "refusal":
                _count_refusal(remains, payload)
            case "sweep":
                remains.verdicts[_name(payload)] = payload
    return remains


def _is_readable(header: dict[str, Any]) -> bool:
    """Whether a journal's rows have the columns of this version."""
    ours = (SCHEMA_VERSION, list(AD_COLUMNS), list(SWEEP_COLUMNS))
    return ours == tuple(header.get(name) for name in _LAYOUT)


def _count_ad(remains: _Remains, row: list[Any]) -> None:
    market = Market(row[_AT["asset"]], row[_AT["fiat"]], Side(row[_AT["trade_type"]]))
    remains.sides[market.side] += 1
    sweep = _sweep_of(remains, market, row[_AT["observed_at"]])
    sweep.promoted += row[_AT["rank"]] is None


def _count_refusal(remains: _Remains, refusal: dict[str, Any]) -> None:
    remains.refused[refusal["reason"]] += 1
    market = Market(refusal["asset"], refusal["fiat"], Side(refusal["side"]))
    _sweep_of(remains, market, refusal["observed_at"]).refused += 1


def _sweep_of(remains: _Remains, market: Market, seen_at: datetime) -> _Remnant:
    sweep = remains.kept.setdefault(str(market), _Remnant(market, seen_at, seen_at))
    sweep.rows += 1
    sweep.begun_at, sweep.ended_at = min(sweep.begun_at, seen_at), max(sweep.ended_at, seen_at)
    remains.last_seen = max(remains.last_seen or seen_at, seen_at)
    return sweep


def _unfinished(remains: _Remains) -> list[Sweep]:
    """Ledger rows of the sweeps that the kill cut short; what is known of them is partial."""
    assert remains.header is not None  # noqa: S101 - the caller has looked
    batch_id = remains.header["batch_id"]
    cut_short = (each for name, each in remains.kept.items() if name not in remains.verdicts)
    return [each.row(batch_id) for each in cut_short]


def _record(remains: _Remains, now: datetime) -> BatchRecord:
    header, verdicts = (
        remains.header,
        [row[_SWEEP_AT["verdict"]] for row in remains.verdicts.values()],
    )
    assert header is not None  # noqa: S101 - the caller has looked
    return BatchRecord(
        batch_id=header["batch_id"],
        started_at=header["started_at"],
        ended_at=remains.last_seen or now,
        status=Status.PARTIAL if remains.verdicts else Status.FAILED,
        interval_seconds=header["interval_seconds"],
        sample=header["sample"],
        scope=header["scope"],
        catalogue="unknown",
        planned=len(remains.plan),
        complete=verdicts.count(Verdict.COMPLETE),
        partial=verdicts.count(Verdict.PARTIAL),
        failed=verdicts.count(Verdict.FAILED),
        unread=[name for name in remains.plan if name not in remains.verdicts],
        unknown_fiats=[],
        shortfalls=[
            Shortfall(name, row[_SWEEP_AT["verdict"]], row[_SWEEP_AT["error"]])
            for name, row in remains.verdicts.items()
            if row[_SWEEP_AT["verdict"]] != Verdict.COMPLETE
        ],
        slow=[],
        ads={side.lower(): remains.sides[side] for side in Side},
        old_ads=0,
        negative_spreads=0,
        completeness=None,
        coverage=None,
        refused=dict(remains.refused),
        changes={},
        requests={},
        errors={},
        alerts=[],
        stopped="killed",
    )


def _enter_checkpoint(data_dir: Path, remains: _Remains) -> None:
    checkpoint = Checkpoint.load(data_dir)
    checkpoint.fell_short(failed=not remains.verdicts)
    checkpoint.save(data_dir)


def _name(row: tuple[Any, ...] | list[Any]) -> str:
    return str(
        Market(row[_SWEEP_AT["asset"]], row[_SWEEP_AT["fiat"]], Side(row[_SWEEP_AT["side"]]))
    )
