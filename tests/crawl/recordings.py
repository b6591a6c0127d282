"""Recordings of the real service, and that a crawl of them holds them to the last digit."""

import gzip
import json
from collections import Counter
from decimal import Decimal

import pytest

from tests.crawl.plain_ads import (
    AS_IT_IS,
    DECIMALS,
    NEVER_SENT,
    OPPOSITE,
    OTHERS,
    as_plain,
    is_promoted,
    plain_book,
)


def recordings_of(captures, pattern, **body):
    """The recorded searches for this, oldest first; numbers of their answers are exact."""
    found = []
    for path in captures.glob(pattern):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            recording = json.loads(line, parse_float=Decimal)
            asked = recording["request"]["body"] or {}
            if (
                recording["request"]["path"].endswith("/adv/search")
                and body.items() <= asked.items()
            ):
                found.append(recording)
    return sorted(found, key=lambda recording: recording["recorded_at"])


def market_of(recording):
    asked = recording["request"]["body"]
    return asked["fiat"], asked["asset"], OPPOSITE[asked["tradeType"]]


def holds(crawl, recordings):
    """Each recorded page is in the lake, in the ledger and in the manifest, to the last digit."""
    assert crawl.is_accounted_for()
    recorded = {market_of(recording): recording for recording in recordings}
    for market, row in crawl.ledger.items():
        if market not in recorded:
            assert (row["rows"], row["total_last"], row["verdict"]) == (0, 0, "complete")
            assert market not in crawl.ads_of or crawl.ads_of[market] == []
            continue
        body = recorded[market]["response"]["body"]
        expected = plain_book(recorded[market], row, crawl)
        assert [as_plain(ad) for ad in crawl.ads_of[market]] == expected
        promoted = sum(map(is_promoted, body["data"]))
        natural = len(body["data"]) - promoted
        assert (row["total_first"], row["total_last"]) == (body["total"], body["total"])
        assert (row["rows"], row["promoted"]) == (len(body["data"]), promoted)
        assert (row["unique"], row["duplicates"], row["refused"]) == (natural, 0, 0)
        assert row["verdict"] == ("complete" if natural == body["total"] else "partial")
        if natural != body["total"]:
            assert f"{natural} ads seen of {body['total']} reported" in row["error"]
    assert recorded.keys() <= crawl.ledger.keys()
    totals = sum(recording["response"]["body"]["total"] for recording in recordings)
    seen = sum(row["unique"] for row in crawl.ledger.values())
    assert crawl.manifest["completeness"] == pytest.approx(seen / totals)
    assert crawl.manifest["refused"] == {}
    return True


def missing_keys(recordings, crawl):
    """How many entries lack each key that a column needs, as the manifest counts them.

    What was read again, because a recorded page is not its whole book, is counted again.
    """
    paths = {*AS_IT_IS.values(), *DECIMALS.values(), *OTHERS} - {NEVER_SENT}
    counts = Counter()
    for recording in recordings:
        for entry in recording["response"]["body"]["data"]:
            ad = entry["adv"]
            readings = 1 + crawl.ledger[ad["fiatUnit"], ad["asset"], ad["tradeType"]]["rereads"]
            lacking = (
                path for path in paths if path.split(".")[1] not in entry[path.split(".")[0]]
            )
            for path in lacking:
                counts[f"missing {path}"] += readings
    return counts


def told_missing(crawl):
    return {k: n for k, n in crawl.manifest["changes"].items() if k.startswith("missing ")}
