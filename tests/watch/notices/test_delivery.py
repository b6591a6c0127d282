"""Messages to real addresses: a webhook, and a mail server."""

import socket
import threading

import pytest

from p2p_scrapy.alert_addresses import parse_alert_addresses
from p2p_scrapy.watch.notices import Delivery
from p2p_scrapy.watch.notices.delivery import offer
from tests.mail_server import mail_server


@pytest.fixture
def delivery_to(standing_of):
    """Delivery to these addresses, and what stands there."""

    def build(*urls, seconds=30.0):
        addresses = parse_alert_addresses(" ".join(urls))
        standing = standing_of(*(address.name for address in addresses))
        return Delivery(standing, addresses, seconds), standing

    return build


def titles(webhook, path="/"):
    return [body["title"].partition(": ")[2] for where, body in webhook.received if where == path]


def ours(caplog):
    """What goes into our log: caplog hears the silenced loggers of apprise too."""
    return [each.getMessage() for each in caplog.records if each.name.startswith("p2p_scrapy")]


def test_what_waits_is_sent_once_and_in_order(delivery_to, webhook):
    delivery, standing = delivery_to(f"json://{webhook.place}")
    standing.call("blocked", "refused")
    standing.call("timeout", "late")
    assert delivery.send_what_waits()
    assert delivery.send_what_waits()
    assert titles(webhook) == ["blocked", "timeout"]
    (_, body), _ = webhook.received
    assert body["type"] == "failure"
    assert body["message"].startswith("ALERT at 2026-06-05 13:30:00 UTC: refused\n")


def test_an_address_that_is_away_gets_it_later(delivery_to, webhook, caplog):
    url = f"json://user:hush@{webhook.place}/token"
    delivery, standing = delivery_to(url)
    webhook.status = 503
    standing.call("blocked", "refused")
    assert not delivery.send_what_waits()
    assert ours(caplog) == [
        "Alert address 1 (JSON) takes no messages: it answered 503; for the next batch: 1"
    ]
    webhook.status = 200
    assert delivery.send_what_waits()
    assert webhook.received == []  # it is left alone for the rest of the run, and nothing more said
    assert len(ours(caplog)) == 1
    next_run, _ = delivery_to(url)
    assert next_run.send_what_waits()
    assert titles(webhook, "/token") == ["blocked"]


def test_one_that_is_away_keeps_nothing_from_the_others(delivery_to, webhook):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = f"json://127.0.0.1:{closed.getsockname()[1]}"
        delivery, standing = delivery_to(away, f"json://{webhook.place}")
        standing.call("blocked", "refused")
        assert not delivery.send_what_waits()
    assert titles(webhook) == ["blocked"]
    assert standing.waiting("2 (JSON)") == []
    assert len(standing.waiting("1 (JSON)")) == 1


def test_one_that_never_answers_is_not_waited_for(delivery_to, webhook, caplog):
    webhook.is_mute = True
    delivery, standing = delivery_to(f"json://{webhook.place}", seconds=0.05)
    standing.call("blocked", "refused")
    assert not delivery.send_what_waits()
    assert "takes no messages: not within 0.05 s" in caplog.text


def test_what_apprise_trips_over_is_said_without_its_words():
    (address,) = parse_alert_addresses("json://127.0.0.1/secret")

    def trip(_):
        raise OSError("https://127.0.0.1/secret")

    assert offer([address], trip, 30) == {address: "OSError"}


def test_two_processes_do_not_send_the_same(delivery_to, webhook):
    """The second waits for the first, and finds nothing left."""
    url = f"json://{webhook.place}"
    deliveries = [delivery_to(url) for _ in range(6)]
    deliveries[0][1].call("blocked", "refused")
    threads = [threading.Thread(target=each.send_what_waits) for each, _ in deliveries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert titles(webhook) == ["blocked"]


def test_an_e_mail(delivery_to):
    with mail_server() as server:
        url = f"mailto://user:hush@127.0.0.1:{server.port}/?mode=insecure&from=a@example.com&to=b@example.com"
        delivery, standing = delivery_to(url)
        standing.call("blocked", "refused: 429")
        assert delivery.send_what_waits()
    (mail,) = server.mails
    assert mail["to"] == "b@example.com"
    assert mail["subject"].endswith(": blocked")
    assert "refused: 429" in mail.get_payload(decode=True).decode()
