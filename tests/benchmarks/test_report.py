"""The report says what was missed, and why."""

import io
import json

from rich.console import Console

from benchmarks.contenders import BARE, CENSUS, LIMIT, PLAIN
from benchmarks.inside import Inside
from benchmarks.report import print_report
from benchmarks.results import Leg, Results
from benchmarks.skew import Skew
from benchmarks.trial import Run
from benchmarks.warehouse.speeds import PLAIN_COPY, STAGE_COPY, STAGING, WHOLE_LOADS, Speeds


def leg(latency, **seconds):
    contenders = {"census": CENSUS, "bare": BARE, "plain": PLAIN, "limit": LIMIT}
    return Leg(
        latency,
        {
            contender: [Run(seconds[name], 1.0, 1.0, 250_000_000, 1000, 20_000)]
            for name, contender in contenders.items()
        },
    )


RESULTS = Results(
    machine="this machine",
    near=leg(0.0, census=5, bare=4, plain=2, limit=1),
    far=leg(0.05, census=5, bare=5, plain=50, limit=4),
    inside=Inside(9.0, {"decoding": 3.0, "the rest": 1.0}, 90.0),
    skew=Skew(2.5, 20),
    warehouse=Speeds(
        50_000,
        {
            PLAIN_COPY: [0.1, 0.3, 0.2],
            STAGE_COPY: [0.25],
            STAGING: [0.5],
            **{load: [1.5] for load in WHOLE_LOADS},
        },
        {load: [1.0, 2.0, 0.5] for load in WHOLE_LOADS},
    ),
)


def test_bars_are_met_and_missed_by_their_rules():
    assert {bar.name: bar.is_met for bar in RESULTS.bars()} == {
        "speed by bare Scrapy's": True,
        "speed by plain's, 50 ms": True,
        "speed by plain's, 0 ms": False,
        "peak memory": True,
        "skew of 20 pages, 300 ms": False,
        "snapshots, a row": True,
        "rows staged": True,
        "loading, unchanged": False,
        "loading, every ad new": True,
    }


def test_prints_everything_and_the_reason_of_what_is_out_of_reach():
    output = io.StringIO()
    print_report(RESULTS, Console(file=output, width=120))
    text = output.getvalue()
    assert text.index("this machine") < text.index("Speed of the census") < text.index("pages/s")
    assert text.count("missed") == 3
    assert "bare Scrapy, which does nothing with them, does 250" in " ".join(text.split())
    assert "75%" in text
    assert "33,333 │          0.13 │    50,000" in text


def test_the_document_is_json_with_all_runs():
    document = json.loads(json.dumps(RESULTS.document()))
    assert document["legs"]["far"]["ratios"]["census by plain"] == 10
    assert document["legs"]["near"]["runs"]["census"][0]["peak"] == 250_000_000
