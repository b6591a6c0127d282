"""What Alertmanager does not say, since a louder alert says more."""

import json
import time
import urllib.request

import pytest

from tests.operations.chain import PATIENCE, faster, running_chain
from tests.webhook import webhook

PLACE = {"job": "p2p_collect", "instance": "collector:9410"}
MUTED = [
    ("P2PBatchTooSlow", "P2PBatchSlow"),
    ("P2PBatchFailed", "P2PCompletenessLow"),
    ("P2PBatchFailed", "P2PCoverageLow"),
    ("P2PCompletenessLow", "P2PMarketsLost"),
]


@pytest.fixture(scope="module")
def alertmanager(root, tmp_path_factory):
    with (
        webhook() as hook,
        running_chain(root / "deploy", tmp_path_factory.mktemp("muting"), hook, faster) as chain,
    ):
        yield f"{chain.url('alertmanager')}/api/v2/alerts"


def states(url, *alerts, wanted=None):
    """How Alertmanager takes these alerts, by name, once it has looked at all of them.

    It may look at one before the other has come, and at both again: ``wanted`` is waited for.
    """
    posted = [{"labels": labels, "annotations": {"summary": "x"}} for labels in alerts]
    body = json.dumps(posted).encode()
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(url, body, headers)).close()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with urllib.request.urlopen(url) as answer:
            known = [each for each in json.load(answer) if each["labels"] in alerts]
        found = {each["labels"]["alertname"]: each["status"]["state"] for each in known}
        is_done = len(found) == len(alerts) and "unprocessed" not in found.values()
        if is_done and wanted in (None, found):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.parametrize(("loud", "quiet"), MUTED)
def test_a_louder_alert_of_the_same_collector_mutes(alertmanager, loud, quiet):
    place = PLACE | {"instance": f"{loud}-{quiet}"}
    alerts = {"alertname": loud} | place, {"alertname": quiet} | place
    states(alertmanager, *alerts, wanted={loud: "active", quiet: "suppressed"})


def test_not_that_of_another_collector(alertmanager):
    loud = {"alertname": "P2PBatchTooSlow"} | PLACE | {"instance": "one"}
    quiet = {"alertname": "P2PBatchSlow"} | PLACE | {"instance": "another"}
    assert set(states(alertmanager, loud, quiet).values()) == {"active"}


def test_a_collector_that_is_down_mutes_that_none_is_seen_to_complete(alertmanager):
    down = {"alertname": "P2PCollectorDown"} | PLACE
    unseen = {"alertname": "P2PNoCompletedBatch", "because": "never"}
    wanted = {"P2PCollectorDown": "active", "P2PNoCompletedBatch": "suppressed"}
    states(alertmanager, down, unseen, wanted=wanted)
