"""The configuration of Prometheus and Alertmanager, by their own tools."""

import subprocess

import pytest
import yaml

from tests.operations.chain import faster, program


@pytest.fixture
def run(root):
    """Run one of their tools below deploy/."""

    def run_it(tool, package, *arguments):
        command = [program(tool, package), *arguments]
        done = subprocess.run(
            command, cwd=root / "deploy", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run_it


@pytest.fixture(scope="module")
def rules(root):
    text = (root / "deploy/prometheus/rules.yml").read_text("utf-8")
    (group,) = yaml.safe_load(text)["groups"]
    return group["rules"]


@pytest.fixture(scope="module")
def trials(root):
    """What rules_test.yml says of each alert: whether it fires then."""
    text = (root / "deploy/prometheus/rules_test.yml").read_text("utf-8")
    told = {}
    for test in yaml.safe_load(text)["tests"]:
        for trial in test["alert_rule_test"]:
            told.setdefault(trial["alertname"], []).append(trial["exp_alerts"])
    return told


def test_promtool_accepts_the_rules(run):
    run("promtool", "prometheus", "check", "rules", "prometheus/rules.yml")


def test_promtool_accepts_the_configuration(run):
    run("promtool", "prometheus", "check", "config", "prometheus/prometheus.yml")


def test_the_rules_do_what_rules_test_says(run):
    run("promtool", "prometheus", "test", "rules", "prometheus/rules_test.yml")


def test_amtool_accepts_the_configuration(run):
    run(
        "amtool",
        "prometheus-alertmanager",
        "check-config",
        "alertmanager/alertmanager.yml",
    )


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [("severity=critical", "critical"), ("severity=warning", "slack")],
)
def test_what_is_critical_wakes_somebody(run, labels, receiver):
    told = run(
        "amtool",
        "prometheus-alertmanager",
        "config",
        "routes",
        "test",
        "--config.file=alertmanager/alertmanager.yml",
        labels,
    )
    assert told.split() == [receiver]


def test_every_alert_is_tried_where_it_fires_and_where_it_is_silent(rules, trials):
    assert {rule["alert"] for rule in rules} == set(trials)
    for name, expected in trials.items():
        assert any(expected), name
        assert not all(expected), name


def test_every_alert_says_what_it_is_and_how_loud(rules):
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert set(rule["annotations"]) == {"summary", "description"}


def test_only_durations_are_others_where_the_chain_is_tried():
    text = "    for: 30m\n    for: 1m\n  group_wait: 15s\nrate(x[5m])\nrepeat_interval: 12h\n"
    scaled = "    for: 30s\n    for: 1s\n  group_wait: 1s\nrate(x[5m])\nrepeat_interval: 12h\n"
    assert faster(text) == scaled
