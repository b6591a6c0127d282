"""Crawls whose alerts are told to people, over a real webhook."""

import pytest

from tests.webhook import webhook as running_webhook


@pytest.fixture
def webhook():
    with running_webhook() as running:
        yield running


@pytest.fixture
def crawl(scrapy, crawl_of, small_exchange, webhook):
    """A census whose alerts go to the webhook."""

    def run(*more, url=None, **settings):
        return scrapy(
            *crawl_of(small_exchange, *more),
            P2P_ALERT_URLS=url or f"json://user:hush@{webhook.place}/token",
            **settings,
        )

    return run


def told(webhook):
    """What has been told: the kind, and whether it stands or has recovered."""
    return [
        (body["title"].partition(": ")[2], body["message"].split()[0])
        for _, body in webhook.received
    ]


def test_each_alert_is_told_once_and_once_more_when_it_has_recovered(
    crawl, small_exchange, webhook, lake
):
    small_exchange.adjust(faults=["renamed-keys=1"])
    for _ in range(2):
        crawl()
    alerts = {kind for manifest in lake.manifests() for kind in manifest["alerts"]}
    raised = [kind for kind, what in told(webhook) if what == "ALERT"]
    assert set(raised) == alerts
    assert len(raised) == len(alerts) > 1
    small_exchange.adjust(faults=[])
    assert crawl().returncode == 0
    assert sorted(told(webhook)[len(raised) :]) == [(kind, "Recovered") for kind in sorted(raised)]
    assert crawl().returncode == 0
    assert len(told(webhook)) == 2 * len(raised)


def test_a_narrow_crawl_ends_no_alert_of_the_whole_market(crawl, small_exchange, webhook):
    small_exchange.adjust(faults=["missing-keys=1"])
    crawl()
    assert told(webhook) == [("answers_changed", "ALERT")]
    small_exchange.adjust(faults=[])
    fiat = small_exchange.book()["markets"][0]["fiat"]
    assert crawl("-a", f"fiats={fiat}").returncode == 0
    assert crawl("-a", "max_pages=1").returncode == 0
    assert len(told(webhook)) == 1
    assert crawl().returncode == 0
    assert told(webhook)[1:] == [("answers_changed", "Recovered")]


def test_a_further_change_of_the_answers_is_told_while_the_first_stands(
    crawl, small_exchange, webhook
):
    small_exchange.adjust(faults=["missing-keys=1"])
    crawl()
    small_exchange.adjust(faults=["missing-keys=1", "changed-types=1"])
    for _ in range(2):
        crawl()
    assert told(webhook) == [("answers_changed", "ALERT")] * 2
    first, further = (body["message"] for _, body in webhook.received)
    assert "adv.tradableQuantity is missing" in first
    assert "advertiser.badges has another type" in further
    assert "is missing" not in further
    small_exchange.adjust(faults=[])
    crawl()
    assert told(webhook)[2:] == [("answers_changed", "Recovered")]


def test_what_is_raised_after_the_batch_has_closed_is_told_too(crawl, webhook, open_folder):
    data = open_folder / "data"
    away = f"host={data}/nowhere user=me password=hush dbname=p2p"
    assert crawl(P2P_DATA_DIR=str(data), DATABASE_URL=away).returncode == 0
    assert crawl(P2P_DATA_DIR=str(data)).returncode == 0
    assert told(webhook) == [("database_lost", "ALERT")]  # no batch has come to a database yet
    assert crawl(P2P_DATA_DIR=str(data), DATABASE_URL="").returncode == 0
    assert told(webhook)[1:] == [("database_lost", "Recovered")]


def test_an_address_that_is_away_costs_nothing_and_is_told_later(
    crawl, small_exchange, webhook, lake
):
    webhook.status = 500
    small_exchange.adjust(faults=["missing-keys=1"])
    done = crawl()
    assert done.returncode == 0
    line = "Alert address 1 (JSON) takes no messages: it answered 500; for the next batch: 1"
    log = (lake.folder / "logs/p2p.log").read_text()
    assert log.count(line) == done.stderr.count(line) == 1
    assert "hush" not in log + done.stderr
    assert webhook.received == []
    webhook.status = 200
    crawl()
    assert told(webhook) == [("answers_changed", "ALERT")]


def test_a_batch_that_cannot_be_written_is_told_of(
    scrapy_command, crawl_of, small_exchange, webhook, small_disk
):
    process = scrapy_command(
        *crawl_of(small_exchange),
        P2P_DATA_DIR=str(small_disk / "data"),
        P2P_ALERT_URLS=f"json://{webhook.place}",
    )
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert ("disk_full", "ALERT") in told(webhook)


def test_a_wrong_address_ends_the_crawl_before_it_begins(crawl, lake):
    done = crawl(url="slack://hush")
    assert done.returncode == 2
    assert "setting P2P_ALERT_URLS is '(not shown)'; it must be addresses as in" in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr
    assert lake.manifests() == []
