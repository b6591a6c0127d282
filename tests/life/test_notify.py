"""``scrapy notify`` from its arguments to its exit code."""

import json

import pytest

from tests.webhook import webhook as running_webhook

AGE = ("--kind", "no_completed_batch", "--error", "the last completed batch is 40 minutes old")


@pytest.fixture
def webhook():
    with running_webhook() as running:
        yield running


@pytest.fixture
def notify(scrapy, webhook):
    """Run it with the webhook as the one address."""
    url = f"json://user:hush@{webhook.place}/token"
    return lambda *arguments, **more: scrapy("notify", *arguments, P2P_ALERT_URLS=url, **more)


def titles(webhook):
    return [body["title"].partition(": ")[2] for _, body in webhook.received]


def test_each_address_is_tried(scrapy, webhook):
    urls = f"json://{webhook.place} json://user:hush@{webhook.place}/token"
    done = scrapy("notify", "--test", P2P_ALERT_URLS=urls)
    assert (done.returncode, done.stdout) == (0, "✓ 1 (JSON)\n✓ 2 (JSON)\n")
    assert titles(webhook) == ["trial", "trial"]


def test_one_that_takes_nothing_is_said_without_its_secrets(notify, webhook):
    webhook.status = 404
    done = notify("--test", "-L", "DEBUG")
    assert (done.returncode, done.stdout) == (1, "✗ 1 (JSON): it answered 404\n")
    assert "hush" not in done.stderr
    assert "token" not in done.stderr


def test_a_script_raises_an_alert_once_and_ends_it(notify, webhook, tmp_path):
    first = notify(*AGE)
    assert first.returncode == 0
    assert "ALERT no_completed_batch: the last completed batch is 40 minutes old" in first.stderr
    (file,) = tmp_path.glob("data/alerts/*_no_completed_batch.alert")
    assert json.loads(file.read_text())["error"] == AGE[-1]
    again = notify(*AGE)
    assert (again.returncode, again.stderr) == (0, "")
    assert notify("--recovered", "no_completed_batch").returncode == 0
    assert notify("--recovered", "no_completed_batch").returncode == 0
    assert titles(webhook) == ["no_completed_batch"] * 2
    assert len([*tmp_path.glob("data/alerts/*.alert")]) == 1


def test_a_completed_batch_ends_that_there_was_none(
    notify, webhook, scrapy, crawl_of, small_exchange
):
    notify(*AGE)
    notify("--kind", "scrapyd_away", "--error", "it does not answer")
    url = f"json://{webhook.place}"
    assert scrapy(*crawl_of(small_exchange), P2P_ALERT_URLS=url).returncode == 0
    assert titles(webhook) == ["no_completed_batch", "scrapyd_away", "no_completed_batch"]


def test_what_could_not_be_told_is_told_by_the_next_call(notify, webhook):
    webhook.status = 503
    done = notify(*AGE)
    assert done.returncode == 1
    assert "Alert address 1 (JSON) takes no messages: it answered 503" in done.stderr
    assert "hush" not in done.stderr
    webhook.status = 200
    assert notify(*AGE).returncode == 0
    assert titles(webhook) == ["no_completed_batch"]


def test_without_addresses_an_alert_is_a_file_and_a_line(scrapy, tmp_path):
    assert scrapy("notify", *AGE).returncode == 0
    assert scrapy("notify", *AGE).stderr == ""
    assert len([*tmp_path.glob("data/alerts/*.alert")]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--test"], "P2P_ALERT_URLS is empty, so there is nobody to tell"),
        ([], "give --test, or --kind with --error, or --recovered: one of the three"),
        (["--kind", "x"], "give --test, or --kind with --error"),
        (["--test", "--recovered", "x"], "one of the three"),
        (["--kind", "../x", "--error", "y"], "a kind of alert is '../x'; it must be"),
        (["--recovered", ""], "a kind of alert is ''; it must be"),
        (["now"], "now is no option; see scrapy notify -h"),
    ],
)
def test_wrong_use_is_said_in_a_line(scrapy, arguments, said, tmp_path):
    done = scrapy("notify", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()
