"""A batch fails, and Slack and PagerDuty hear of it; the next one is good, and they hear that."""

import pytest

from tests.operations.chain import faster, running_chain
from tests.webhook import webhook as running_webhook

ALERT = "P2PBatchFailed"


@pytest.fixture
def webhook():
    with running_webhook() as running:
        yield running


@pytest.fixture(params=["scaled", pytest.param("as shipped", marks=pytest.mark.long)])
def chain(root, tmp_path, webhook, request):
    pace = faster if request.param == "scaled" else str
    with running_chain(root / "deploy", tmp_path, webhook, pace) as running:
        yield running


@pytest.fixture
def crawl(scrapy, crawl_of, small_exchange, chain):
    """A census whose metrics are pushed, as those of a job of cron are."""
    gateway = chain.url("pushgateway")
    return lambda: scrapy(*crawl_of(small_exchange), P2P_PUSHGATEWAY_URL=gateway)


def slack(title):
    """Whether a message to Slack has that title."""
    return lambda path, body: path == "/slack" and body["attachments"][0]["title"] == title


def pagerduty(action):
    """Whether an event of PagerDuty is of our alert, and raises or resolves it."""

    def is_it(path, body):
        told = body.get("payload", {}).get("summary", "")
        return path == "/pagerduty" and body["event_action"] == action and ALERT in told

    return is_it


def test_a_failed_batch_is_heard_within_a_minute_and_its_recovery_too(
    crawl, small_exchange, webhook
):
    small_exchange.adjust(faults=["country451=1"])
    assert crawl().returncode == 1
    message = webhook.wait_for(slack(f"ALERT: {ALERT}"))
    assert "The last batch failed (p2p_scrapy)" in message["attachments"][0]["text"]
    raised = webhook.wait_for(pagerduty("trigger"))
    assert raised["routing_key"] == "hush"
    small_exchange.adjust(faults=[])
    assert crawl().returncode == 0
    webhook.wait_for(slack(f"Recovered: {ALERT}"))
    resolved = webhook.wait_for(pagerduty("resolve"))
    assert resolved["dedup_key"] == raised["dedup_key"]
