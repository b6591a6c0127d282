"""Metrics as text: what is written is read back, and Prometheus understands it."""

import shutil
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.definitions import METRICS
from p2p_scrapy.watch.metrics.state import DamagedStateError, State
from p2p_scrapy.watch.metrics.tally import Tally


@pytest.fixture
def state():
    """A state with something of everything."""
    tally, state = Tally(), State()
    for metric in METRICS:
        if metric.kind == "histogram":
            tally.observe(metric, 0.3)
            tally.observe(metric, 1e6)
        elif metric.kind == "counter":
            tally.count(metric, *(f"a {label}" for label in metric.labels), by=3)
        elif metric.labels:
            state.set_all(metric, {"one": 1, 'with "quotes", \\ and\nlines': 0.1})
        else:
            state.set(metric, 1 / 3)
    state.add(tally.series())
    return state


def test_what_is_written_is_read_back(state):
    assert State.parse(state.render()).render() == state.render()


def test_prometheus_reads_each_metric_as_it_is_defined(state):
    read = {family.name: family for family in text_string_to_metric_families(state.render())}
    assert list(read) == [metric.family for metric in METRICS]
    for metric in METRICS:
        family = read[metric.family]
        assert (family.type, family.documentation) == (metric.kind, metric.meaning)
        assert {*metric.labels} == {name for s in family.samples for name in s.labels} - {"le"}


def test_a_histogram_has_its_buckets(state):
    text = state.render()
    assert 'p2p_batch_duration_seconds_bucket{le="60.0"} 1.0' in text
    assert 'p2p_batch_duration_seconds_bucket{le="+Inf"} 2.0' in text
    assert "p2p_batch_duration_seconds_sum 1.0000003e+06" in text
    bounds = {m.name: m.buckets for m in METRICS if m.kind == "histogram"}
    assert bounds["p2p_batch_duration_seconds"] == (60, 120, 240, 480, 600)
    assert bounds["p2p_api_request_duration_seconds"] == (0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def test_promtool_has_nothing_to_say(state):
    if (promtool := shutil.which("promtool")) is None:
        pytest.skip("promtool is absent; Debian has it in the package prometheus")
    for text in (state.render(), State().render()):
        done = subprocess.run(
            [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_counts_are_added_and_gauges_are_set(state):
    tally = Tally()
    tally.count(metrics.OFFERS, "a fiat", "a crypto", "a trade_type", by=4)
    state.add(tally.series())
    state.set(metrics.WAITING, 7)
    assert state.get(metrics.OFFERS, "a fiat", "a crypto", "a trade_type") == 7
    assert state.get(metrics.WAITING) == 7
    state.set(metrics.WAITING, None)
    assert state.get(metrics.WAITING) is None
    assert "\np2p_batches_waiting " not in state.render()


def test_a_gauge_of_labels_has_only_what_it_was_given(state):
    state.set_all(metrics.ALERTS, {"blocked": 1})
    assert state.render().count("\np2p_alerts_standing{") == 1


def test_a_metric_that_is_not_known_any_more_is_left_out():
    old = "# TYPE p2p_of_old_total counter\np2p_of_old_total 5.0\n"
    assert State.parse(old).render() == State().render()


@pytest.mark.parametrize(
    "text",
    [
        "p2p_batches_waiting",
        "# TYPE p2p_batches_waiting gauge\np2p_batches_waiting 1",
        "# TYPE p2p_batches_waiting gauge\np2p_batches_waiting many\n",
        "# TYPE p2p_batches_waiting gauge\np2p_batches_waiting NaN\n",
        "# TYPE p2p_batches_waiting counter\np2p_batches_waiting_total 1\n",
        "# TYPE p2p_db_write_errors_total counter\np2p_db_write_errors_total -1\n",
        '# TYPE p2p_batches_total counter\np2p_batches_total{status="fa\n',
        '# TYPE p2p_batches_total counter\np2p_batches_total{status="failed"\n',
        "{not prometheus}\n",
        "\x00\x01\x02\n",
        "",
    ],
)
def test_what_is_something_else_is_damaged(text):
    with pytest.raises(DamagedStateError):
        State.parse(text)
